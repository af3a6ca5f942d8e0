import type { Claims, NearMiss, Resolution, Rule, Service } from "../../wire";

/** Top-down, case-sensitive, the first match wins; as the program does it. */
export function resolve(rules: Rule[], claims: Claims, service: Service): Resolution {
  const numbers = rules.flatMap((rule, index) => (matches(rule, claims) ? [index + 1] : []));
  const [rule = null, ...also] = numbers;
  return {
    role: rule === null ? service.fallback : (rules[rule - 1]?.role ?? service.fallback),
    rule,
    also,
    near_misses: rules.flatMap((one, index) => nearMisses(one, index + 1, claims)),
  };
}

function matches(rule: Rule, claims: Claims): boolean {
  return claims[rule.claim]?.includes(rule.value) ?? false;
}

function nearMisses(rule: Rule, number: number, claims: Claims): NearMiss[] {
  if (matches(rule, claims)) return [];
  return (claims[rule.claim] ?? []).flatMap((received): NearMiss[] => {
    const act = { act: "set", rule: number - 1, field: "value", text: received } as const;
    const miss = { rule: number, claim: rule.claim, received, repair: { acts: [act] } };
    if (received.toLowerCase() === rule.value.toLowerCase())
      return [{ ...miss, code: "case_differs" }];
    if (received.trim() === rule.value.trim()) return [{ ...miss, code: "space_differs" }];
    return [];
  });
}
