import type { Desk, Rule, Test } from "../wire";

/** Whose rule is meant: the Owner's address, and the claims in which an address comes. */
export type Whose = { email: string; claims: readonly string[] };

/** The rule that keeps the Owner in by the address alone, counted from 0. -1 if there is none. */
export function ownerRule(rules: readonly Rule[], { email, claims }: Whose): number {
  const owner = email.trim().toLowerCase();
  if (owner === "") return -1;
  return rules.findIndex(
    ({ claim, value }) => claims.includes(claim) && value.trim().toLowerCase() === owner,
  );
}

/** Whether `after` lacks the Owner's rule as it stands in `before`. Its place does not matter. */
export function losesOwnerRule(
  before: readonly Rule[],
  after: readonly Rule[],
  whose: Whose,
): boolean {
  const rule = before[ownerRule(before, whose)];
  if (!rule) return false;
  return !after.some(
    ({ claim, value, role }) => claim === rule.claim && value === rule.value && role === rule.role,
  );
}

/** Whether somebody beside the Owner has signed in with exactly today's settings. */
export function secondPersonProved({ tests }: Pick<Desk, "tests">): boolean {
  return tests.some((test) => !test.owner && test.current && hasPassed(test));
}

/** Whether every stage holds, the last one by the rules of today: whom a rule has been added for since has passed. */
export function hasPassed({ evidence, resolution }: Test): boolean {
  return (
    resolution.rule !== null &&
    evidence.stages.every(({ stage, outcome }) => stage === "mapped" || outcome === "passed")
  );
}
