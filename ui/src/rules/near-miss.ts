import type { NearMiss, Rule } from "../wire";

/**
 * The rule as it would match what arrived. None where no single value does: of several object IDs
 * nobody can say which one is meant, and joined values have to be taken apart at the provider.
 */
export function mended(rule: Rule, { code, claim, received }: NearMiss): Rule | null {
  if (code === "guid_for_name" || code === "joined_values") return null;
  return { ...rule, claim, value: received };
}
