import type {
  Claims,
  PastedRule,
  PastedRules,
  Replayed,
  Rule,
  Service,
  Tried,
  TryOn,
  Value,
} from "../../wire";
import { deskOf, type Bench } from "./bench";
import { checkRules } from "./check-rules";
import { resolve } from "./resolve";
import { told } from "./told";

/** A table with tabs or commas and a header, or a JSON list; the program knows more. */
export function readRules(bench: Bench, present: Rule[], text: string): PastedRules {
  const { service } = deskOf(bench);
  if (!service || text.trim() === "") {
    return { format: "csv", rows: [], findings: [told("pasted_rules_none")] };
  }
  if (text.trimStart().startsWith("[")) {
    const rules = JSON.parse(text) as Rule[];
    return { format: "json", rows: rows(bench, service, present, rules, 1), findings: [] };
  }
  const mark = text.includes("\t") ? "\t" : ",";
  const [head = [], ...body] = text
    .trim()
    .split("\n")
    .map((line) => line.split(mark).map((field) => field.trim()));
  const at = (name: string) => head.findIndex((field) => field.toLowerCase() === name);
  const [claim, value, role] = [at("claim"), at("value"), at("role")];
  const rules = body.map((fields) => ({
    claim: fields[claim] ?? "groups",
    value: fields[value] ?? "",
    role: fields[role] ?? "",
  }));
  const format = mark === "\t" ? "spreadsheet" : "csv";
  return { format, rows: rows(bench, service, present, rules, 2), findings: [] };
}

function rows(
  bench: Bench,
  service: Service,
  present: Rule[],
  rules: Rule[],
  first: number,
): PastedRule[] {
  const draft = structuredClone(bench.draft);
  draft.set_up.rules = [...present, ...rules];
  const findings = checkRules(draft, service);
  return rules.map((rule, index) => {
    const path = `rules[${present.length + index}]`;
    const own = findings.filter((one) => one.path?.startsWith(path));
    const stops = own.some(({ severity, code }) => severity === "error" || code === "rule_twice");
    return { line: first + index, rule, findings: own, sound: !stops };
  });
}

/** As the program explains it, in fewer words. */
export function tryRules(bench: Bench, rules: Rule[], on: TryOn): Tried {
  const { service, tests } = deskOf(bench);
  if (!service) throw told("unknown_service");
  if (on.on === "person") {
    const test = tests.find(({ evidence }) => evidence.id === on.evidence);
    if (!test) throw told("evidence_not_found");
    return tried("tested", test.evidence.claims, rules, service);
  }
  let read: Record<string, unknown>;
  try {
    read = JSON.parse(on.text) as Record<string, unknown>;
  } catch {
    throw told("pasted_no_claims");
  }
  const texts = (value: unknown) => [value].flat().map(String);
  const claims = Object.fromEntries(
    Object.entries(read).map(([name, value]) => [name, texts(value)]),
  );
  return tried("claims", claims, rules, service);
}

function tried(source: Tried["source"], claims: Claims, rules: Rule[], service: Service): Tried {
  const resolution = resolve(rules, claims, service);
  const why = rules.map(({ claim, value, role }, index) => {
    const rule = index + 1;
    const miss = resolution.near_misses.find((one) => one.rule === rule);
    const came = claims[claim];
    const because = (code: string, fault: string, data: Record<string, Value>) => {
      return { rule, code, what: told(fault, data).what };
    };
    if (resolution.rule === rule) return because("decides", "rule_decides", { claim, value, role });
    if (resolution.also.includes(rule)) {
      return because("above_decides", "rule_above_decides", { above: resolution.rule });
    }
    if (miss) {
      const data = { rule, expected: value, received: miss.received };
      return because(miss.code, "near_miss", data);
    }
    if (!came) {
      const present = Object.keys(claims).join(", ");
      return because("claim_absent", "rule_claim_absent", { claim, present });
    }
    const data = { claim, count: came.length, received: came.join(", ") };
    return because("value_not_among", "rule_value_not_among", data);
  });
  return { source, claims, ...resolution, why };
}

/** What everybody tested would get under other rules than those that are kept. */
export function replay(bench: Bench, rules: Rule[]): Replayed[] {
  const { service, tests } = deskOf(bench);
  if (!service) return [];
  return tests.map(({ evidence }) => ({
    evidence: evidence.id,
    resolution: resolve(rules, evidence.claims, service),
  }));
}
