import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import ClaimList from "./ClaimList.svelte";

const offered = () => screen.getAllByRole("button").map((button) => button.ariaLabel);

test("what says something of the answer alone is shown last, and no rule is offered on it", () => {
  render(ClaimList, {
    claims: { iss: ["https://id.acme.example"], nonce: ["n-1"], sub: ["u1"], groups: ["SecOps"] },
    rules: [],
    onrule: () => undefined,
  });
  expect(offered()).toEqual(["Make a rule: sub is u1", "Make a rule: groups is SecOps"]);
  expect(screen.getAllByRole("term").map((term) => term.textContent)).toEqual([
    "sub",
    "groups",
    "iss",
    "nonce",
  ]);
});

test("a claim whose name only begins like one of them is the person's", () => {
  render(ClaimList, { claims: { audience_group: ["a"] }, rules: [], onrule: () => undefined });
  expect(offered()).toEqual(["Make a rule: audience_group is a"]);
});
