import type { Repair, RepairAct, Rule } from "../wire";
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
