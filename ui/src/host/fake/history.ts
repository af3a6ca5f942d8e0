import { differences } from "../../differences";
import type { Change, HistoryShown, Proof, Rule, SetUp } from "../../wire";
import type { Bench } from "./bench";
import { told } from "./told";

/** The history of a bench. */
export function historyOf(bench: Bench): HistoryShown {
  const draft = JSON.stringify(bench.draft.set_up);
  const proofs: Proof[] = bench.evidence.map(({ id, email, at, way }) => {
    return { evidence: id, who: email, at, way };
  });
  const revisions = bench.revisions.map(({ set_up, ...head }) => ({
    ...head,
    proofs: head.reason === null && head.origin !== "imported" ? proofs.slice(0, 1) : [],
    forgotten: 0,
    is_draft: set_up === draft,
    secret: "kept" as const,
  }));
  const last = revisions.findLast(({ proofs }) => proofs.length > 0);
  return {
    revisions: revisions.reverse(),
    last_worked: last
      ? { revision: last.number, at: last.at, changes: changesOf(bench, last.number, null) }
      : null,
  };
}

/** What differs between two states of a bench. */
export function changesOf(bench: Bench, before: number | null, after: number | null): Change[] {
  const [old, now] = [setUpOf(bench, before), setUpOf(bench, after)];
  const fields: Change[] = differences({ ...old, rules: [] }, { ...now, rules: [] }).map(
    ({ path, here, there }) => ({ kind: "field", path, before: here, after: there }),
  );
  const [rules, others] = [old.rules ?? [], now.rules ?? []];
  return [
    ...fields,
    ...missing(rules, others).map((one) => ({ kind: "rule_removed" as const, ...one })),
    ...missing(others, rules).map((one) => ({ kind: "rule_added" as const, ...one })),
  ];
}

/** The set-up of a revision; of the draft for `null`. */
export function setUpOf(bench: Bench, number: number | null): SetUp {
  if (number === null) return bench.draft.set_up;
  const found = bench.revisions.find((one) => one.number === number);
  if (!found) throw told("revision_not_found", { number });
  return JSON.parse(found.set_up) as SetUp;
}

function missing(of: Rule[], from: Rule[]): { at: number; rule: Rule }[] {
  const there = from.map((rule) => JSON.stringify(rule));
  return of
    .map((rule, place) => ({ at: place + 1, rule }))
    .filter(({ rule }) => !there.includes(JSON.stringify(rule)));
}
