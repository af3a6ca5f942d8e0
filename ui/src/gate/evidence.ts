import type { OpenDesk } from "../desk.svelte";
import { focusOn } from "../focus";
import { stepOf } from "../steps";
import type { Desk, Met, Test } from "../wire";
import { dayOf } from "../words/format";
import { save } from "../words/save";
import { visit } from "./visit";

const words = save.gate;

/** By what a condition is met, or why it is not. */
export function whyOf(met: Met, desk: Desk): string {
  return met.met ? evidenceOf(met, desk) : openBy(met, desk);
}

/** Goes to where a condition can be met, from where Continue comes straight back. */
export function goTo({ condition }: Met, desk: OpenDesk): Promise<void> {
  switch (condition) {
    case "tested":
    case "owner_keeps_highest_role":
    case "second_person":
      return visit(desk, "test", null);
    case "saved":
      return visit(desk, "save", null);
    case "owner_rule_in_place":
      return visit(desk, "claims", null);
    case "credentials_last": {
      const saml = desk.draft.set_up.connection.protocol === "saml";
      const secret = desk.kept.next_expiry
        ? "connection.client_secret"
        : "connection.client_secret_expires";
      const path = saml ? "connection.certificates[0]" : secret;
      return visit(desk, "connection", path);
    }
    case "backup_account":
      return focusOn("backup_account");
    case "fields_hold":
    case "rules_hold":
      return toError(desk, condition === "rules_hold");
  }
}

function toError(desk: OpenDesk, ofRules: boolean): Promise<void> {
  const error = desk.kept.findings.find(
    ({ severity, path }) => severity === "error" && (stepOf(path) === "claims") === ofRules,
  );
  return visit(desk, stepOf(error?.path ?? null) ?? "connection", error?.path ?? null);
}

function evidenceOf({ condition, proof, evidence, rule }: Met, desk: Desk): string {
  if (proof) {
    const test = desk.tests.find((one) => one.evidence.id === evidence);
    if (!test) return words.proved;
    const { email, subject, at, way } = test.evidence;
    const by = words.provedBy(email || subject, at, way);
    return condition === "tested" ? by : `${by} ${gives(test)}`;
  }
  const { backup_account = "" } = desk.draft;
  switch (condition) {
    case "saved":
      return desk.revision === null ? words.checked : words.isRevision(desk.revision);
    case "owner_rule_in_place":
      return rule ? words.ownerRule(rule) : words.checked;
    case "credentials_last":
      return desk.next_expiry ? words.firstEnds(dayOf(desk.next_expiry)) : words.noEndKnown;
    case "backup_account":
      return words.backup(backup_account.trim());
    default:
      return words.checked;
  }
}

function gives({ evidence, resolution }: Test): string {
  const { expected_role } = evidence;
  return expected_role ? words.givesExpected(resolution.role) : words.gives(resolution.role);
}

function openBy({ condition, changed }: Met, { draft, next_expiry }: Desk): string {
  if (changed.length > 0) return words.changed(changed);
  if (condition === "credentials_last") {
    return next_expiry ? words.firstEnds(dayOf(next_expiry)) : words.endOwed;
  }
  if (condition === "backup_account" && draft.backup_account?.trim()) return words.backupTested;
  return words.conditions[condition].open;
}
