import { describe, expect, test } from "vitest";

import { peopleOf } from "../rules/people";
import type { Test, Told } from "../wire";
import { minutes } from "./clock";
import { comparable, todaysStages } from "./today";

const note: Told = {
  code: "no_rule_matched",
  severity: "error",
  path: null,
  what: "",
  do: "",
  data: {},
};

function signIn(email: string, mapped: "passed" | "failed", rule: number | null, id = email): Test {
  return {
    owner: false,
    current: true,
    changed: [],
    resolution: { role: "Viewer", rule, also: [], near_misses: [] },
    evidence: {
      id,
      at: "2026-11-22T10:00:00Z",
      way: "window",
      subject: "s",
      email,
      fingerprint: { facts: {}, sha256: "" },
      stages: [
        { stage: "identified", outcome: "passed", findings: [] },
        { stage: "mapped", outcome: mapped, findings: mapped === "failed" ? [note] : [] },
      ],
      claims: {},
    },
  };
}

describe("the last stage under today's rules", () => {
  const mapped = (test: Test) => todaysStages(test).at(-1);

  test("fails when no rule matches any more, although one did", () => {
    expect(mapped(signIn("a@x", "passed", null))?.outcome).toBe("failed");
  });

  test("passes when a rule matches now, and says no more what was wrong then", () => {
    expect(mapped(signIn("a@x", "failed", 2))).toEqual({
      stage: "mapped",
      outcome: "passed",
      findings: [],
    });
  });

  test("keeps what was said where nothing changed", () => {
    expect(mapped(signIn("a@x", "failed", null))?.findings).toEqual([note]);
  });
});

describe("people", () => {
  test("are one each, by the latest of their sign-ins", () => {
    const people = peopleOf([
      signIn("a@x", "passed", 1, "1"),
      signIn("b@x", "passed", 1),
      signIn("a@x", "failed", null, "2"),
    ]);
    expect(people.map(({ short, test }) => [short, test.evidence.id])).toEqual([
      ["a", "2"],
      ["b", "b@x"],
    ]);
  });

  test("with the same name before the @ keep their whole address", () => {
    const people = peopleOf([signIn("a@x", "passed", 1), signIn("a@y", "passed", 1)]);
    expect(people.map(({ short }) => short)).toEqual(["a@x", "a@y"]);
  });
});

test("only texts are compared", () => {
  expect(comparable({ ...note, data: { expected: "a", received: "b" } })).not.toBeNull();
  expect(comparable({ ...note, data: { expected: "a", received: ["b"] } })).toBeNull();
  expect(comparable({ ...note, data: { expected: "a" } })).toBeNull();
});

test.each([
  [245, "4:05"],
  [59.2, "1:00"],
  [0.4, "0:01"],
  [-3, "0:00"],
])("%f seconds are shown as %s", (seconds, shown) => {
  expect(minutes(seconds)).toBe(shown);
});
