import { placeAfter } from "../rules/order";
import type { Counted, Counts, Foreseen, RoleChange, Rule, Service } from "../wire";

/** One of these rules, where it stands among them, counted from 0. */
export type Move = { rules: Rule[]; from: number };

/** What the program foresees of moving it, wherever it goes among the others. */
export type Forecast = Move & { foreseen: Foreseen };

/**
 * Where the rule of a forecast stands in a list that is the same rules with only that one moved, if at
 * all; `null` in any other list, of which nothing is foreseen.
 */
export function placeIn({ rules, from }: Move, list: readonly Rule[]) {
  const moving = rules[from];
  if (!moving || list.length !== rules.length) return null;
  const others = rules.filter((_, index) => index !== from);
  const differs = others.findIndex((rule, index) => !isSame(rule, list[index]));
  const place = differs < 0 ? others.length : differs;
  const rest = others.slice(place).every((rule, index) => isSame(rule, list[place + 1 + index]));
  return rest && isSame(moving, list[place]) ? place : null;
}

/**
 * What the program would count once the rule stands at `to`, against where it stood `before`: the
 * program's own numbers, with whom the rule passes on its way turned over. The roles of the service
 * come first, as in the program's answer.
 */
export function countedAt(
  forecast: Forecast,
  before: number,
  to: number,
  service: Pick<Service, "roles" | "fallback">,
): Counted {
  const { from, foreseen } = forecast;
  const { recount, named } = foreseen.counted;
  const after = countsAt(forecast, to);
  const roles = new Map(service.roles.map(({ name }) => [name, 0]));
  for (const { rule, counts } of after) {
    roles.set(rule.role, (roles.get(rule.role) ?? 0) + counts.decides);
  }
  return {
    recount: {
      ...recount,
      roles: Object.fromEntries([...roles].filter(([, people]) => people > 0)),
      rules: after.map(({ counts }, index) => ({ ...counts, rule: index + 1 })),
    },
    changes: changesOf(forecast, before, to, service.fallback),
    named: named
      .map(({ rule, name }) => ({ rule: placeAfter(rule - 1, from, to) + 1, name }))
      .sort((a, b) => a.rule - b.rule),
  };
}

type Standing = { rule: Rule; counts: Counts };

/** Each rule with its numbers, in the order in which they then stand. */
function countsAt({ rules, from, foreseen }: Forecast, to: number): Standing[] {
  const { counted, passing } = foreseen;
  const standing = rules.flatMap((rule, index) => {
    const counts = counted.recount.rules[index];
    return counts ? [{ rule, counts: { ...counts } }] : [];
  });
  const [moving] = standing.splice(from, 1);
  if (!moving) return standing;
  for (let index = Math.min(from, to); index < Math.max(from, to); index += 1) {
    const people = (to < from ? 1 : -1) * (passing[index] ?? 0);
    moving.counts.decides += people;
    const passed = standing[index];
    if (passed) passed.counts.decides -= people;
  }
  standing.splice(to, 0, moving);
  return standing;
}

/** Who gets another role, those that most people make first, then as the roles come in the rules before. */
function changesOf(
  { rules, from, foreseen }: Forecast,
  before: number,
  to: number,
  fallback: string,
): RoleChange[] {
  const moving = rules[from];
  if (!moving) return [];
  const others = rules.filter((_, index) => index !== from);
  const list = others.toSpliced(before, 0, moving);
  const order = [...new Set([fallback, ...list.map(({ role }) => role)])];
  const changes = new Map<string, RoleChange>();
  others.slice(Math.min(before, to), Math.max(before, to)).forEach(({ role }, index) => {
    const people = foreseen.passing[Math.min(before, to) + index] ?? 0;
    if (role === moving.role || people === 0) return;
    const change = changes.get(role) ?? {
      ...(to < before ? { from: role, to: moving.role } : { from: moving.role, to: role }),
      people: 0,
    };
    change.people += people;
    changes.set(role, change);
  });
  const rank = (change: RoleChange) =>
    order.indexOf(change.from) * order.length + order.indexOf(change.to);
  return [...changes.values()].sort((a, b) => b.people - a.people || rank(a) - rank(b));
}

function isSame(rule: Rule, other: Rule | undefined): boolean {
  if (rule === other) return true;
  return rule.claim === other?.claim && rule.value === other.value && rule.role === other.role;
}
