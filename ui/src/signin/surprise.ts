import type { Test } from "../wire";

/** The role that was expected of somebody before the sign-in, where today's rules give another. */
export function surpriseOf({ evidence, resolution }: Test): string | null {
  const expected = evidence.expected_role ?? null;
  return expected === resolution.role ? null : expected;
}
