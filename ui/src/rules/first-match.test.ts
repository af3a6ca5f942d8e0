import { expect, test } from "vitest";

import { firstMatch } from "./first-match";

const rules = [
  { claim: "email", value: "olivia@acme.example", role: "Owner" },
  { claim: "groups", value: "SecOps", role: "Contributor" },
  { claim: "groups", value: "Everyone", role: "Viewer" },
];

test("the first rule that matches decides, not the best one", () => {
  const claims = { email: ["bob@acme.example"], groups: ["Everyone", "SecOps"] };
  expect(firstMatch(rules, claims)).toBe(2);
  expect(firstMatch(rules.toReversed(), claims)).toBe(1);
});

test.each([
  ["another capitalisation", { groups: ["secops"] }],
  ["a space behind", { groups: ["SecOps "] }],
  ["the value under another claim", { roles: ["SecOps"] }],
  ["a part of the value", { groups: ["SecOps, Everyone"] }],
  ["another Unicode form", { groups: ["SecO\u0301ps"] }],
  ["no claims", {}],
  ["a claim without values", { groups: [] }],
])("%s matches nothing", (_, claims) => {
  expect(firstMatch(rules, claims)).toBeNull();
});

test("a claim called like a property of every object matches nothing that did not arrive", () => {
  expect(firstMatch([{ claim: "toString", value: "x", role: "Owner" }], {})).toBeNull();
  expect(firstMatch([{ claim: "__proto__", value: "x", role: "Owner" }], {})).toBeNull();
});
