import type { Claims, Rule } from "../wire";

/**
 * The rule that would decide, counted from 1; none at the floor.
 *
 * A preview for the moment in which a rung is in the hand. Who gets which role is decided by the
 * program alone, whose answer replaces this one as soon as the rung is let go.
 */
export function firstMatch(rules: readonly Rule[], claims: Claims): number | null {
  const index = rules.findIndex(({ claim, value }) => valuesOf(claims, claim).includes(value));
  return index < 0 ? null : index + 1;
}

// A claim may be called like something that every object has.
function valuesOf(claims: Claims, claim: string): readonly string[] {
  return Object.hasOwn(claims, claim) ? (claims[claim] ?? []) : [];
}
