import type {
  RoleChange,
  Claims,
  Column,
  Counted,
  Encoding,
  Known,
  Mapping,
  Meaning,
  Part,
  PeopleFetched,
  PeopleHeld,
  PeopleLook,
  Person,
  Recount,
  Role,
  Rule,
  Service,
  Told,
  Whose,
} from "../../wire";
import type { PeopleHost } from "../people";
import { told } from "./told";

type Someone = { name: string; claims: Claims };
type Room = {
  name: string;
  bytes: string;
  people: Someone[];
  held: PeopleHeld | null;
  page: number;
};
type World = { serviceOf: (id: string) => Service | null; wait: () => Promise<void> };

/** What the file chooser of the fake finds. */
const CHOSEN = "people.csv";

/** Where it would keep people. */
const KEPT_IN = "~/.local/share/latchkey/latchkey-people-w1.bin";

/** A company of the fake: most are Staff, a few more than that. */
function company(): string {
  const rows = Array.from({ length: 240 }, (_, n) => {
    const groups = [
      "Staff",
      ...(n % 6 === 0 ? ["SecOps"] : []),
      ...(n % 40 === 0 ? ["Admins"] : []),
    ];
    return `person-${n}@acme.example,${groups.join(";")}`;
  });
  return ["email,groups", ...rows].join("\n");
}

function colleagues(): Someone[] {
  return parse(company(), looked(company(), {}).mapping);
}

/** People as the program holds them, read and counted the plain way. */
export function fakePeople({ serviceOf, wait }: World): PeopleHost {
  const rooms = new Map<string, Room>();
  const room = (id: string): Room => {
    const found = rooms.get(id) ?? { name: "", bytes: "", people: [], held: null, page: 0 };
    rooms.set(id, found);
    return found;
  };
  const people = (id: string): Someone[] => {
    const { held, people } = room(id);
    if (!held) throw told("directory_not_brought");
    return people;
  };
  const fallback = (id: string) => serviceOf(id)?.fallback ?? "";
  const recounted = (id: string, rules: Rule[]) =>
    recount(people(id), rules, serviceOf(id)?.roles ?? []);
  const hold = (
    id: string,
    all: Someone[],
    mapping: Mapping | null,
    findings: Told[],
  ): PeopleHeld => {
    const { name } = room(id);
    const groups = new Set(all.flatMap(({ claims }) => claims["groups"] ?? []));
    const held: PeopleHeld = {
      source: name,
      from: mapping ? "file" : "server",
      at: new Date().toISOString(),
      people: all.length,
      memberships: all.reduce((sum, { claims }) => sum + (claims["groups"]?.length ?? 0), 0),
      claims: [
        { name: "email", values: all.length },
        { name: "groups", values: groups.size },
      ],
      findings,
      kept: room(id).held?.kept ?? false,
      mapping,
      rows: mapping ? looked(room(id).bytes, mapping).rows : [],
    };
    Object.assign(room(id), { people: all, held });
    return held;
  };
  const fetched = (id: string): PeopleFetched => {
    const one = room(id);
    one.page += 1;
    // Before the second page the server stops, once.
    if (one.page === 1) {
      const stopped = told("no_answer_in_time", { host: one.name });
      return { pages: 1, people: 120, stopped, cancelled: false, held: null };
    }
    const held = hold(id, colleagues(), null, []);
    return { pages: 2, people: held.people, stopped: null, cancelled: false, held };
  };

  return {
    async held(id) {
      return { held: room(id).held, file: KEPT_IN, lost: null };
    },
    async keep(id, keep) {
      const { held } = room(id);
      if (!held) throw told("directory_not_brought");
      return (room(id).held = { ...held, kept: keep });
    },
    async choose(id) {
      Object.assign(room(id), { name: CHOSEN, bytes: company() });
      return CHOSEN;
    },
    async give(id, name, part, first) {
      const one = room(id);
      one.name = name;
      one.bytes = (first ? "" : one.bytes) + atob(part);
    },
    async look(id, known) {
      return looked(room(id).bytes, known);
    },
    async read(id, { mapping, keep_rest }, onProgress) {
      const { name, bytes } = room(id);
      onProgress({ now: "reading", done: bytes.length, of: bytes.length });
      await wait();
      const look = looked(bytes, mapping ?? {});
      const lines = text(bytes, look.mapping.encoding).split("\n");
      const so = { name, mapping: mapping ?? look.mapping, rows: look.rows };
      const line = lines.findIndex((one) => (one.split('"').length - 1) % 2 === 1) + 1;
      const refused =
        line > 0 && !keep_rest
          ? told("directory_record_broken", { line })
          : so.mapping.columns.some(({ meaning }) => meaning === "email")
            ? null
            : told("directory_without_address", { columns: lines[0] ?? "" });
      if (refused) return { ...so, refused, held: null };
      const findings =
        line > 0 ? [told("directory_records_left_out", { count: 1, lines: String(line) })] : [];
      const kept = lines.filter((_, at) => at + 1 !== line).join("\n");
      return { ...so, refused, held: hold(id, parse(kept, so.mapping), so.mapping, findings) };
    },
    async fetch(id, { address, token }, onProgress) {
      Object.assign(room(id), { name: new URL(address).host, page: 0 });
      onProgress({ now: "fetching", pages: 1, people: 120, of: 240, waiting: null });
      await wait();
      if (token === "refused") throw told("directory_token_refused", { host: room(id).name });
      return fetched(id);
    },
    async resume(id) {
      await wait();
      return fetched(id);
    },
    async keepFetched(id) {
      const stopped = told("directory_stopped", { pages: 1, people: 120 });
      return hold(id, colleagues().slice(0, 120), null, [stopped]);
    },
    async cancel() {},
    async leaveServer() {},
    async drop(id) {
      rooms.delete(id);
    },
    async count(id, rules, before): Promise<Counted> {
      await wait();
      const all = people(id);
      return {
        recount: recounted(id, rules),
        changes: before ? changes(all, before, rules, fallback(id)) : [],
        named: [],
      };
    },
    async foresee(id, rules, index) {
      await wait();
      const counted = { recount: recounted(id, rules), changes: [], named: [] };
      return { counted, passing: passing(people(id), rules, index) };
    },
    async findings(id, rules) {
      const counted = recounted(id, rules);
      return counted.rules.flatMap(({ matches }, index) => {
        const { claim = "", value = "" } = rules[index] ?? {};
        const nobody = told("rule_matches_nobody", { claim, value }, `rules[${index}].value`);
        return matches === 0 ? [{ ...nobody, severity: "note" as const }] : [];
      });
    },
    async list(id, rules, { whose, search, offset, limit }): Promise<Part> {
      const found = people(id)
        .map((one) => decided(one, rules, fallback(id)))
        .filter((one, at) => isOf(whose, one, people(id)[at], rules))
        .filter(({ name }) => name.includes(search.toLowerCase()));
      return { total: found.length, people: found.slice(offset, offset + limit) };
    },
    async values(id, claim, prefix, limit) {
      const seen = new Map<string, number>();
      for (const value of people(id).flatMap(({ claims }) => claims[claim] ?? [])) {
        seen.set(value, (seen.get(value) ?? 0) + 1);
      }
      return [...seen]
        .map(([value, people]) => ({ value, people }))
        .filter(({ value }) => value.toLowerCase().startsWith(prefix.toLowerCase()))
        .sort((a, b) => b.people - a.people)
        .slice(0, limit);
    },
  };
}

/** A plain reading of a file, as far as a person does not know better. */
function looked(bytes: string, { encoding, delimiter, header }: Partial<Known>): PeopleLook {
  const written = encoding ?? (bytes.startsWith("\xff\xfe") ? "utf16_le" : "utf8");
  const all = text(bytes, written)
    .split("\n")
    .filter((row) => row.trim() !== "");
  const first = all[0] ?? "";
  const between = delimiter ?? [",", ";", "\t", "|"].find((one) => first.includes(one)) ?? ",";
  const named = header ?? !first.includes("@");
  const columns = first.split(between).map((name, at): Column => {
    const of: Meaning[] = named ? [] : ["email", "groups"];
    const meaning =
      of[at] ?? (name === "email" ? "email" : name === "groups" ? "groups" : "nothing");
    return { name: named ? name : "", meaning, sure: "by_name" };
  });
  return {
    mapping: { encoding: written, delimiter: between, header: named, separator: ";", columns },
    rows: all.slice(named ? 1 : 0, 6).map((row) => row.split(between)),
  };
}

const LABELS: Record<Encoding, string> = {
  utf8: "utf-8",
  utf16_le: "utf-16le",
  utf16_be: "utf-16be",
  windows1252: "windows-1252",
};

function text(bytes: string, encoding: Encoding): string {
  const raw = Uint8Array.from(bytes, (one) => one.charCodeAt(0));
  return new TextDecoder(LABELS[encoding]).decode(raw);
}

function parse(text: string, mapping: Mapping): Someone[] {
  const rows = text.split("\n").filter((row) => row.trim() !== "");
  const placeOf = (wanted: Meaning) =>
    mapping.columns.findIndex(({ meaning }) => meaning === wanted);
  const [email, groups] = [placeOf("email"), placeOf("groups")];
  return rows.slice(mapping.header ? 1 : 0).map((row) => {
    const fields = row.trimEnd().split(mapping.delimiter);
    const name = fields[email] ?? "";
    const all = fields[groups] ?? "";
    const several = all.split(mapping.separator).filter(Boolean);
    return { name, claims: { email: [name], groups: several } };
  });
}

function ruleOf({ claims }: Someone, rules: Rule[]): number {
  return rules.findIndex((rule) => matches(claims, rule)) + 1;
}

function matches(claims: Claims, { claim, value }: Rule): boolean {
  return claims[claim]?.includes(value) ?? false;
}

function decided(one: Someone, rules: Rule[], fallback: string): Person {
  const rule = ruleOf(one, rules);
  return { name: one.name, rule: rule || null, role: rules[rule - 1]?.role ?? fallback };
}

function recount(all: Someone[], rules: Rule[], known: Role[]): Recount {
  const decides = all.map((one) => ruleOf(one, rules));
  const roles = [...new Set([...known.map(({ name }) => name), ...rules.map(({ role }) => role)])];
  const given = roles.map((role): [string, number] => {
    const byOne = decides.filter((rule) => rules[rule - 1]?.role === role);
    return [role, byOne.length];
  });
  return {
    people: all.length,
    roles: Object.fromEntries(given.filter(([, people]) => people > 0)),
    fallback: decides.filter((rule) => rule === 0).length,
    rules: rules.map((rule, index) => ({
      rule: index + 1,
      matches: all.filter(({ claims }) => matches(claims, rule)).length,
      decides: decides.filter((by) => by === index + 1).length,
    })),
  };
}

/** How many of those whom the rule matches have each of the others as their first. */
function passing(all: Someone[], rules: Rule[], index: number): number[] {
  const moving = rules[index];
  const others = rules.filter((_, at) => at !== index);
  const both = all.filter(({ claims }) => moving && matches(claims, moving));
  return others.map((_, at) => both.filter((one) => ruleOf(one, others) === at + 1).length);
}

function changes(all: Someone[], before: Rule[], after: Rule[], fallback: string): RoleChange[] {
  const moved = new Map<string, RoleChange>();
  for (const one of all) {
    const from = decided(one, before, fallback).role;
    const to = decided(one, after, fallback).role;
    if (from === to) continue;
    const key = `${from}\n${to}`;
    moved.set(key, { from, to, people: (moved.get(key)?.people ?? 0) + 1 });
  }
  const order = [...new Set([fallback, ...[...before, ...after].map(({ role }) => role)])];
  const rank = ({ from, to }: RoleChange) => order.indexOf(from) * order.length + order.indexOf(to);
  return [...moved.values()].sort((a, b) => b.people - a.people || rank(a) - rank(b));
}

function isOf(whose: Whose, person: Person, one: Someone | undefined, rules: Rule[]): boolean {
  if (whose === "all") return true;
  if (whose === "fallback") return person.rule === null;
  if (whose.rule !== undefined) return person.rule === whose.rule;
  if (whose.role !== undefined) return person.rule !== null && person.role === whose.role;
  const rule = rules[whose.matching - 1];
  return rule !== undefined && one !== undefined && matches(one.claims, rule);
}
