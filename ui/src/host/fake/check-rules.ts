import type { Draft, Service, Told } from "../../wire";
import { told } from "./told";

/** What is noticed about the rules. */
export function checkRules({ set_up }: Draft, service: Service): Told[] {
  const rules = set_up.rules ?? [];
  const email = set_up.workspace.owner_email;
  const highest = service.roles[0]?.name ?? "";
  if (rules.length === 0) return [told("rules_missing", {}, "rules")];
  const found = rules.flatMap((rule, index): Told[] => {
    const path = `rules[${index}]`;
    const here: Told[] = [];
    for (const [name, field] of Object.entries({
      claim: "Claim name",
      value: "Claim value",
      role: "Role",
    })) {
      if (!rule[name as keyof typeof rule])
        here.push(
          told(name === "role" ? "choice_missing" : "field_missing", { field }, `${path}.${name}`),
        );
    }
    const earlier = rules.findIndex(
      (other, place) => place < index && other.claim === rule.claim && other.value === rule.value,
    );
    const same = rules[earlier];
    if (same?.role === rule.role) {
      here.push(told("rule_twice", { first: earlier + 1 }, path, "warning"));
    } else if (same) {
      const data = { first: earlier + 1, role: same.role };
      here.push(told("rule_contradicts", data, path, "warning"));
    }
    return here;
  });
  return [...found, ...checkOwnerRule(rules, email, highest)];
}

function checkOwnerRule(
  rules: Draft["set_up"]["rules"] & object,
  email: string,
  highest: string,
): Told[] {
  const place = rules.findIndex(({ claim, value }) => claim === "email" && value === email);
  const rule = rules[place];
  if (!rule) {
    return [told("owner_rule_missing", { owner_email: email, role: highest }, "rules", "warning")];
  }
  if (rule.role === highest) return [];
  const data = { role: rule.role, highest };
  return [told("owner_rule_not_highest", data, `rules[${place}].role`, "warning")];
}
