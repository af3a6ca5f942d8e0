import { describe, expect, test } from "vitest";

import { fakePeople } from "../host/fake/people";
import { moved } from "../rules/order";
import type { Rule, Service } from "../wire";
import { countedAt, placeIn } from "./forecast";

const ROLES = ["Owner", "Contributor", "Viewer", "Own"];
const service = {
  roles: [{ name: "Owner" }, { name: "Contributor" }, { name: "Viewer" }],
  fallback: "Nobody",
} as Service;

/** The same numbers at every run. */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** A company and rules for it, with twins among them, and rules that match nobody. */
async function company(seed: number) {
  const below = dice(seed);
  const group = () => `g${below(6)}`;
  const rows = Array.from({ length: below(60) + 1 }, (_, n) => {
    const groups = Array.from({ length: below(5) }, group);
    return `p${n}@acme.example,${groups.join(";")}`;
  });
  const host = fakePeople({ serviceOf: () => service, wait: () => Promise.resolve() });
  await host.give("w1", "people.csv", btoa(["email,groups", ...rows].join("\n")), true);
  await host.read("w1", { mapping: null, keep_rest: true }, () => {});
  const rules = Array.from({ length: below(9) + 1 }, (): Rule => {
    const role = ROLES[below(ROLES.length)] ?? "";
    return below(8) === 0
      ? { claim: "email", value: `p${below(60)}@acme.example`, role }
      : { claim: "groups", value: group(), role };
  });
  return { host, rules };
}

describe("a forecast", () => {
  test("for each place is what is counted after that move, whatever the people and the rules", async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const { host, rules } = await company(seed);
      for (const from of rules.keys()) {
        const forecast = { rules, from, foreseen: await host.foresee("w1", rules, from) };
        for (const to of rules.keys()) {
          const after = moved(rules, from, to);
          const told = countedAt(forecast, from, to, service);
          const counted = await host.count("w1", after, rules);
          expect(told, `seed ${seed}, ${from} to ${to}`).toEqual(counted);
          expect(Object.keys(told.recount.roles)).toEqual(Object.keys(counted.recount.roles));
          expect(placeIn(forecast, after), `seed ${seed}, ${from} to ${to}`).not.toBeNull();
        }
      }
    }
  });

  test("still holds once the rule has moved, against the place where it then rested", async () => {
    for (let seed = 41; seed <= 60; seed += 1) {
      const { host, rules } = await company(seed);
      const forecast = { rules, from: 0, foreseen: await host.foresee("w1", rules, 0) };
      for (const before of rules.keys()) {
        for (const to of rules.keys()) {
          const [rested, after] = [moved(rules, 0, before), moved(rules, 0, to)];
          const counted = await host.count("w1", after, rested);
          expect(countedAt(forecast, before, to, service), `seed ${seed}`).toEqual(counted);
        }
      }
    }
  });

  test("names the groups of identifiers at the places to which their rules went", () => {
    const rules = ["a", "b", "c"].map((value) => ({ claim: "groups", value, role: "Viewer" }));
    const none = { people: 0, roles: {}, fallback: 0 };
    const counts = rules.map((_, index) => ({ rule: index + 1, matches: 0, decides: 0 }));
    const named = [
      { rule: 1, name: "A" },
      { rule: 3, name: "C" },
    ];
    const counted = { recount: { ...none, rules: counts }, changes: [], named };
    const forecast = { rules, from: 2, foreseen: { counted, passing: [0, 0] } };
    expect(countedAt(forecast, 2, 0, service).named).toEqual([
      { rule: 1, name: "C" },
      { rule: 2, name: "A" },
    ]);
  });
});

describe("a list of which nothing is foreseen", () => {
  const rules = ["a", "b", "c", "d"].map((value) => ({ claim: "groups", value, role: "Viewer" }));
  const [a, b, c, d] = rules as [Rule, Rule, Rule, Rule];
  const move = { rules, from: 1 };

  test.each([
    ["has a rule more", [a, b, c, d, a]],
    ["has a rule less", [a, b, c]],
    ["has a rule that was written anew", [a, { ...b, role: "Owner" }, c, d]],
    ["has another rule written anew", [a, { ...c, value: "x" }, b, d]],
    ["has another rule moved", [a, b, d, c]],
    ["has two rules moved", [b, a, d, c]],
    ["lacks the rule and has another twice", [a, c, c, d]],
    ["is empty", []],
  ])("%s", (_, list) => {
    expect(placeIn(move, list)).toBeNull();
  });

  test("is not the one in which the rule stands elsewhere, though all of it was copied", () => {
    const copied = structuredClone([c, a, b, d]);
    expect(placeIn(move, copied)).toBeNull();
    expect(placeIn(move, structuredClone([a, c, d, b]))).toBe(3);
    expect(placeIn(move, structuredClone(rules))).toBe(1);
  });
});
