import { describe, expect, test } from "vitest";

import type { Repair, Test } from "../wire";
import { repaired } from "./repair";
import { losesOwnerRule, ownerRule, secondPersonProved } from "./owner-rule";

const OWNER = "olivia@acme.example";
const FAMILY = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
const whose = { email: OWNER, claims: ["email", FAMILY] };
const owner = { claim: "email", value: OWNER, role: "Owner" };
const group = { claim: "groups", value: "SecOps", role: "Contributor" };

describe("the Owner's rule", () => {
  test("is found by the address, whatever its capitals", () => {
    expect(ownerRule([group, { ...owner, value: "Olivia@acme.example" }], whose)).toBe(1);
  });

  test("is found under every name that an address comes by", () => {
    expect(ownerRule([group, { ...owner, claim: FAMILY }], whose)).toBe(1);
  });

  test("is not one on another claim, nor there at all without an address", () => {
    expect(ownerRule([{ ...owner, claim: "upn" }], whose)).toBe(-1);
    expect(ownerRule([{ ...owner, value: "" }], { ...whose, email: " " })).toBe(-1);
  });

  test.each([
    ["deleted", [group]],
    ["given another role", [{ ...owner, role: "Viewer" }, group]],
    ["given another address", [{ ...owner, value: "bob@acme.example" }]],
    ["put on another claim", [{ ...owner, claim: "upn" }]],
  ])("is lost when it is %s", (_, after) => {
    expect(losesOwnerRule([owner, group], after, whose)).toBe(true);
  });

  test.each([
    ["moved", [owner, group], [group, owner]],
    ["joined by another", [owner], [owner, group]],
    ["not there before", [group], []],
    ["one of two equal ones", [owner, owner], [owner]],
  ])("is not lost when it is %s", (_, before, after) => {
    expect(losesOwnerRule(before, after, whose)).toBe(false);
  });
});

describe("a second person", () => {
  const passed: Test = {
    owner: false,
    current: true,
    changed: [],
    resolution: { role: "Contributor", rule: 2, also: [], near_misses: [] },
    evidence: {
      id: "e1",
      at: "2026-11-22T10:00:00Z",
      way: "window",
      subject: "s",
      email: "bob@acme.example",
      fingerprint: { facts: {}, sha256: "" },
      stages: [{ stage: "mapped", outcome: "passed", findings: [] }],
      claims: {},
    },
  };

  test("proves by a sign-in with the settings of now", () => {
    expect(secondPersonProved({ tests: [passed] })).toBe(true);
  });

  test("proves when a rule has been added for them since they signed in", () => {
    const evidence: Test["evidence"] = {
      ...passed.evidence,
      stages: [{ stage: "mapped", outcome: "failed", findings: [] }],
    };
    expect(secondPersonProved({ tests: [{ ...passed, evidence }] })).toBe(true);
  });

  test.each<[string, Partial<Test>]>([
    ["who is the Owner", { owner: true }],
    ["who signed in with other settings", { current: false }],
    ["whom no rule gives a role", { resolution: { ...passed.resolution, rule: null } }],
    [
      "whose sign-in failed at a stage",
      {
        evidence: {
          ...passed.evidence,
          stages: [{ stage: "in_time", outcome: "failed", findings: [] }],
        },
      },
    ],
  ])("%s proves nothing", (_, other) => {
    expect(secondPersonProved({ tests: [{ ...passed, ...other }] })).toBe(false);
  });
});

describe("a repair", () => {
  const other = { claim: "email", value: "bob@acme.example", role: "Viewer" };

  test("does its acts one after the other", () => {
    const repair: Repair = {
      acts: [
        { act: "set", rule: 0, field: "value", text: "secops" },
        { act: "insert", at: 1, with: other },
        { act: "move", rule: 1, to: 0 },
      ],
    };
    expect(repaired([group], repair)).toEqual([other, { ...group, value: "secops" }]);
    expect(repaired([group, other], { acts: [{ act: "remove", rule: 0 }] })).toEqual([other]);
  });

  test("of a rule that is gone does nothing", () => {
    const gone: Repair = { acts: [{ act: "set", rule: 3, field: "role", text: "Owner" }] };
    expect(repaired([group], gone)).toEqual([group]);
  });
});
