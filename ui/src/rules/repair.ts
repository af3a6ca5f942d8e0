import type { NearMiss, Repair, RepairAct, Rule } from "../wire";
import { moved } from "./order";

/** The rules once every act of a repair is done, one after the other. */
export function repaired(rules: readonly Rule[], { acts }: Repair): Rule[] {
  return acts.reduce(done, [...rules]);
}

function done(rules: Rule[], act: RepairAct): Rule[] {
  switch (act.act) {
    case "set": {
      const rule = rules[act.rule];
      return rule ? rules.with(act.rule, { ...rule, [act.field]: act.text }) : rules;
    }
    case "remove":
      return rules.toSpliced(act.rule, 1);
    case "move":
      return moved(rules, act.rule, act.to);
    case "insert":
      return rules.toSpliced(act.at, 0, act.with);
  }
}

/**
 * The rule as it would match what arrived. None where no single value does: of several object IDs
 * nobody can say which one is meant, and joined values have to be taken apart at the provider.
 */
export function repairOf({ rule, code, claim, received }: NearMiss): Repair | null {
  if (code === "guid_for_name" || code === "joined_values") return null;
  const [field, text] =
    code === "claim_name_differs" ? (["claim", claim] as const) : (["value", received] as const);
  return { acts: [{ act: "set", rule: rule - 1, field, text }] };
}
