import { leadFor } from "../../guide";
import type { Condition, Desk, Draft, Gate, Met, Service, Test } from "../../wire";
import { catalogue } from "./catalogue";
import { told } from "./told";

const DAY = 86_400_000;

/** Conditions that a changed setting takes away. */
const PROVED: Condition[] = ["tested", "owner_keeps_highest_role", "second_person"];
/** Conditions that no reason stands in for. */
const FIRM: Condition[] = ["fields_hold", "rules_hold", "saved"];
/** The shortest reason. */
const SENTENCE = 12;

/** The conditions for saving. */
export function saveGate(findings: Desk["findings"], tests: Test[], service: Service): Gate {
  const errors = findings.filter(({ severity }) => severity === "error");
  const ofRules = errors.filter(({ path }) => path?.startsWith("rules")).length;
  const tested = tests.filter(({ current }) => current);
  const owner = ownerTest(tested, service);
  const met = metBy(tests);
  return {
    conditions: [
      met("fields_hold", errors.length === ofRules),
      met("rules_hold", ofRules === 0),
      met("tested", tested.length > 0, tested.at(-1)),
      met("owner_keeps_highest_role", owner !== undefined, owner),
    ],
  };
}

/** What the conditions for enforcing are judged by. */
export type Enforcing = {
  draft: Draft;
  service: Service;
  tests: Test[];
  saved: boolean;
  nextExpiry: string | null;
  now: Date;
};

/** The conditions for enforcing. */
export function enforceGate({ draft, service, tests, saved, nextExpiry, now }: Enforcing): Gate {
  const { rules = [], workspace } = draft.set_up;
  const tested = tests.filter(({ current }) => current);
  const owner = ownerTest(tested, service);
  const second = tested.find(
    ({ owner, evidence, resolution }) =>
      !owner && resolution.rule !== null && resolution.role === evidence.expected_role,
  );
  const backup = draft.backup_account?.trim().toLowerCase() ?? "";
  const keepsOwner = ({ claim, value, role }: (typeof rules)[number]) =>
    claim === "email" && value === workspace.owner_email.trim() && role === service.roles[0]?.name;
  const place = rules.findIndex(keepsOwner);
  const met = metBy(tests);
  return {
    conditions: [
      met("saved", saved),
      met("owner_keeps_highest_role", owner !== undefined, owner),
      met("second_person", second !== undefined, second),
      { ...met("owner_rule_in_place", place >= 0), rule: place >= 0 ? place + 1 : null },
      met(
        "credentials_last",
        nextExpiry === null ? !endIsOwed(draft) : Date.parse(nextExpiry) > now.getTime() + 30 * DAY,
      ),
      met(
        "backup_account",
        backup !== "" && !tests.some(({ evidence }) => evidence.email.toLowerCase() === backup),
      ),
    ],
  };
}

function endIsOwed({ set_up: { connection } }: Draft): boolean {
  const { guide } = leadFor(catalogue, connection.provider);
  const byCode = (connection.flow ?? guide?.flow) === "code";
  return connection.protocol === "oidc" && byCode && (guide?.secret_ends ?? false);
}

/** The reason to keep; refuses what a gate does not let through. */
export function letThrough({ conditions }: Gate, reason: string | null): string | null {
  const open = conditions.filter(({ met }) => !met);
  if (open.length === 0) return null;
  if (reason === null || open.some(({ firm }) => firm)) throw told("conditions_not_met");
  if (reason.trim().length < SENTENCE) throw told("reason_too_short", {}, "reason");
  return reason.trim();
}

function ownerTest(tested: Test[], service: Service): Test | undefined {
  const highest = service.roles[0]?.name;
  return tested.find(
    ({ owner, resolution }) => owner && resolution.rule !== null && resolution.role === highest,
  );
}

function metBy(tests: Test[]) {
  const changed = tests.some(({ current }) => current) ? [] : (tests.at(-1)?.changed ?? []);
  return (condition: Condition, holds: boolean, by?: Test): Met => ({
    condition,
    met: holds,
    firm: FIRM.includes(condition),
    proof: PROVED.includes(condition),
    rule: null,
    evidence: by?.evidence.id ?? null,
    changed: holds || !PROVED.includes(condition) ? [] : changed,
  });
}
