import type {
  DescribedService,
  Desk,
  Draft,
  Ending,
  Evidence,
  Fingerprint,
  Listed,
  PracticePerson,
  RevisionHead,
  Service,
  State,
  Summary,
  Tally,
  Test,
  Told,
} from "../../wire";
import { catalogue } from "./catalogue";
import { dueOf, shownOf } from "./certificates";
import { check } from "./check";
import { copyValues } from "./copy-values";
import { enforceGate, saveGate } from "./gates";
import { resolve } from "./resolve";
import { told } from "./told";

const DAY = 86_400_000;

/** A workspace as the fake holds it. */
export type Bench = {
  id: string;
  version: number;
  draft: Draft;
  secret: string;
  /** The certificate of the workspace's own key pair. */
  keyPair: string | null;
  evidence: Evidence[];
  revisions: (RevisionHead & { set_up: string })[];
  changedAt: string;
};

/** The practice provider's people. */
export const people: PracticePerson[] = [
  person("Olivia Park", "olivia", ["Security Admins", "Everyone"]),
  person("Bob Lindqvist", "bob", ["SecOps", "Everyone"]),
  person("Vera Costa", "vera", ["Contractors", "Everyone"]),
];

function person(name: string, first: string, groups: string[]): PracticePerson {
  return { name, email: `${first}@acme.example`, password: `${first}-key`, groups };
}

const REDIRECT = "connection.login_redirect_url";

/** The workspace as the window gets it. */
export function deskOf(bench: Bench): Desk {
  const { id, version, draft } = bench;
  const service = serviceOf(draft);
  const findings = check(draft, service, bench.secret !== "");
  const tests = testsOf(bench, service);
  const redirect = redirectOf(draft, service);
  const now = new Date(bench.changedAt);
  const nextExpiry = nextExpiryOf(bench);
  const owner = draft.set_up.workspace.owner_email.trim();
  const highest = service.roles[0]?.name;
  return {
    id,
    version,
    draft: structuredClone(draft),
    secret_kept: bench.secret !== "",
    secret_lasts: bench.secret !== "",
    state: stateOf(bench, tests),
    revision: bench.revisions.at(-1)?.number ?? null,
    unsaved: unsaved(bench),
    service,
    sign_in_url: regionOf(draft, service)?.sign_in_url ?? "",
    login_redirect_url: redirect,
    findings: [...findings, ...ofBackup(draft, tests)],
    given: givenOf(draft, bench.secret !== "", findings),
    owner_rule: owner && highest ? { claim: "email", value: owner, role: highest } : null,
    address_claims: ["email"],
    file_name: `${draft.set_up.workspace.name.toLowerCase().replaceAll(" ", "-") || "workspace"}.latchkey.json`,
    gate: saveGate(findings, tests, service),
    certificates: (draft.set_up.connection.certificates ?? []).map((pem) => shownOf(pem, now)),
    key_pair: bench.keyPair === null ? null : shownOf(bench.keyPair, now),
    audience: draft.set_up.connection.audience ?? service.audience,
    copy_values: copyValues(draft, service, redirect),
    dashboard: dashboardOf(draft, service),
    enforce_gate: enforceGate({ draft, service, tests, saved: isSaved(bench), nextExpiry, now }),
    next_expiry: nextExpiry,
    tests,
    practice_people: draft.practice ? people : [],
  };
}

/** The workspace in a line of the home page. */
export function summaryOf(bench: Bench): Summary {
  const { draft } = bench;
  const service = serviceOf(draft);
  return {
    id: bench.id,
    name: draft.set_up.workspace.name,
    service_name: service.name,
    provider: draft.set_up.connection.provider,
    protocol: draft.set_up.connection.protocol,
    state: stateOf(bench, testsOf(bench, service)),
    revision: bench.revisions.at(-1)?.number ?? null,
    unsaved: unsaved(bench),
    changed_at: bench.changedAt,
    practice: draft.practice,
    next_expiry: nextExpiryOf(bench),
  };
}

/** The same with how near its first end is. */
export function listedAs(summary: Summary, now: Date): Listed {
  return { ...summary, ending: summary.next_expiry ? endingOf(summary.next_expiry, now) : null };
}

function endingOf(at: string, now: Date): Ending {
  const days = (Date.parse(at) - now.getTime()) / DAY;
  return { at, days: Math.floor(days), due: dueOf(days) };
}

/** The service that the draft names. */
export function serviceOf(draft: Draft): Service {
  const { service } = draft.set_up.workspace;
  if (typeof service !== "string") return describedService(service);
  const known = catalogue.services.find(({ id }) => id === service) ?? catalogue.services[0];
  if (!known) throw new Error("The catalogue has no service.");
  return known;
}

function describedService(described: DescribedService): Service {
  const { name, login_redirect_url, audience = "", roles, fallback } = described;
  return {
    id: "",
    name,
    checked_on: "",
    sources: [],
    regions: [{ id: "", name: "", login_redirect_url, sign_in_url: "", inferred: false }],
    audience,
    roles: roles.map((role) => ({ name: role, may: "" })),
    custom_roles: false,
    fallback,
    provider_initiated_oidc: false,
    provider_initiated_saml: false,
    redirect_notes: [],
  };
}

/** Where people find the tile, as far as the issuer tells. */
function dashboardOf({ set_up }: Draft, service: Service): string | null {
  const { protocol, issuer = "" } = set_up.connection;
  if (!service[`provider_initiated_${protocol}`] || !set_up.workspace.region) return null;
  return URL.canParse(issuer) ? `${new URL(issuer).origin}/app/UserHome` : "";
}

/** What a test sign-in with this draft proves. */
export function fingerprintOf(draft: Draft): Fingerprint {
  const { connection } = draft.set_up;
  const redirect = redirectOf(draft, serviceOf(draft));
  if (connection.protocol === "saml") {
    const facts = {
      "connection.audience": connection.audience ?? serviceOf(draft).audience,
      "connection.certificates": (connection.certificates ?? []).join("\n"),
      "connection.issuer": connection.issuer ?? "",
      "connection.login_redirect_url": redirect,
      "connection.sign_on_url": connection.sign_on_url ?? "",
    };
    return { facts, sha256: "1".repeat(64) };
  }
  const facts = {
    "connection.client_id": connection.client_id ?? "",
    "connection.client_secret": draft.secret_mark ?? "",
    "connection.flow": connection.flow ?? "code",
    "connection.issuer": connection.issuer ?? "",
    "connection.login_hint": String(connection.login_hint ?? false),
    "connection.login_redirect_url": redirect,
    "connection.scopes": (connection.scopes ?? []).join(" "),
  };
  return { facts, sha256: "0".repeat(64) };
}

function redirectOf(draft: Draft, service: Service): string {
  const given = draft.set_up.connection.login_redirect_url;
  return given ?? regionOf(draft, service)?.login_redirect_url ?? "";
}

function regionOf({ set_up }: Draft, { regions }: Service) {
  const [only, ...more] = regions;
  const chosen = regions.find(({ id }) => id === (set_up.workspace.region ?? ""));
  return more.length === 0 ? only : chosen;
}

/** How many of the provider's values are there. */
function givenOf({ set_up: { connection } }: Draft, secretKept: boolean, findings: Told[]): Tally {
  const values: Record<string, boolean> =
    connection.protocol === "saml"
      ? {
          issuer: !!connection.issuer,
          sign_on_url: !!connection.sign_on_url,
          certificates: (connection.certificates ?? []).length > 0,
        }
      : { issuer: !!connection.issuer, client_id: !!connection.client_id };
  if (connection.protocol === "oidc" && connection.flow !== "implicit") {
    values["client_secret"] = secretKept;
  }
  const isWrong = (field: string) =>
    findings.some(
      ({ severity, path }) => severity === "error" && path?.startsWith(`connection.${field}`),
    );
  const done = Object.entries(values).filter(([field, there]) => there && !isWrong(field));
  return { done: done.length, of: Object.keys(values).length };
}

function ofBackup({ backup_account = "" }: Draft, tests: Test[]): Told[] {
  const named = backup_account.trim().toLowerCase();
  const tested = tests.some(({ evidence }) => evidence.email.toLowerCase() === named);
  return named && tested ? [told("backup_uses_sign_on", {}, "backup_account", "warning")] : [];
}

function testsOf({ draft, evidence }: Bench, service: Service): Test[] {
  const now: Record<string, string> = fingerprintOf(draft).facts;
  return evidence.map((one) => {
    const changed = Object.keys(now)
      .filter((name) => now[name] !== one.fingerprint.facts[name])
      .map((name) => (name === REDIRECT && isRegional(one, service) ? "workspace.region" : name));
    return {
      evidence: one,
      resolution: resolve(draft.set_up.rules ?? [], one.claims, service),
      current: changed.length === 0,
      changed,
      owner: one.email.toLowerCase() === draft.set_up.workspace.owner_email.trim().toLowerCase(),
    };
  });
}

/** Whether it was proved at the address of one of the service's regions. */
function isRegional({ fingerprint }: Evidence, { regions }: Service): boolean {
  return regions.some(
    ({ id, login_redirect_url }) => id !== "" && login_redirect_url === fingerprint.facts[REDIRECT],
  );
}

function stateOf(bench: Bench, tests: Test[]): State {
  const proved = tests.some(({ current }) => current);
  if (!isSaved(bench)) return proved ? "tested" : "draft";
  if (!proved) return "needs_attention";
  const newest = bench.revisions.at(-1)?.number;
  return bench.draft.enforced?.revision === newest ? "enforced" : "saved";
}

function isSaved(bench: Bench): boolean {
  return bench.revisions.length > 0 && !unsaved(bench);
}

/** When the first certificate ends, or the client secret, where somebody wrote that down. */
function nextExpiryOf({ draft, changedAt }: Bench): string | null {
  const { certificates = [], client_secret_expires } = draft.set_up.connection;
  const now = new Date(changedAt);
  const ends = certificates.map((pem) => shownOf(pem, now).not_after);
  if (client_secret_expires) ends.push(`${client_secret_expires}T23:59:59Z`);
  return ends.sort()[0] ?? null;
}

function unsaved({ draft, revisions }: Bench): boolean {
  const last = revisions.at(-1);
  return last !== undefined && last.set_up !== JSON.stringify(draft.set_up);
}
