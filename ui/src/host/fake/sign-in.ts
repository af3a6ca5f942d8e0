import type { Claims, Progress, Signer, Stage, StageReport, Told, Verdict } from "../../wire";
import { people, serviceOf, type Bench } from "./bench";
import { shownOf } from "./certificates";
import { resolve } from "./resolve";
import { told } from "./told";

const STAGES: Stage[] = [
  "reached",
  "answered",
  "signed",
  "addressed",
  "in_time",
  "identified",
  "mapped",
];

/** What the window is told while a sign-in runs. */
export function script(bench: Bench, now: Date, shows: Told[] = []): Progress[] {
  const { protocol, issuer, sign_on_url } = bench.draft.set_up.connection;
  const given = protocol === "saml" ? sign_on_url : issuer;
  const address = given && URL.canParse(given) ? given : "https://id.acme.example";
  const origin = new URL(address).origin;
  const until = new Date(now.getTime() + 5 * 60_000).toISOString();
  const reads: Progress[] =
    protocol === "saml" ? [] : [{ now: "discovering", host: new URL(address).host }];
  return [
    ...reads,
    { now: "waiting", address: `${origin}/authorize`, until },
    { now: "at", address: `${origin}/login/password`, loading: false },
    ...(shows.length > 0 ? [{ now: "shows" as const, findings: shows }] : []),
    { now: "verifying" },
  ];
}

/** The claims of whoever signs in: the hinted person, or the next one who was not tested yet. */
export function claimsOf(bench: Bench, hint: string | null): Claims {
  const tested = bench.evidence.map(({ email }) => email);
  const owner = bench.draft.set_up.workspace.owner_email;
  const next = [owner, ...people.map(({ email }) => email)].find((one) => !tested.includes(one));
  const email = hint ?? next ?? owner;
  const known = people.find((one) => one.email === email);
  return {
    sub: [`person-${email.split("@")[0]}`],
    email: [email],
    email_verified: ["true"],
    name: [known?.name ?? email],
    groups: known?.groups ?? ["Everyone"],
  };
}

/** A sign-in in which everything holds. */
export function passed(bench: Bench, claims: Claims): Verdict {
  const resolution = resolve(bench.draft.set_up.rules ?? [], claims, serviceOf(bench.draft));
  const stages = track("mapped", []);
  const mapped = stages.at(-1);
  if (mapped && resolution.rule === null) {
    const rules = bench.draft.set_up.rules?.length ?? 0;
    mapped.findings = [
      told("no_rule_matched", { fallback: resolution.role, rules }, null, "warning"),
    ];
  }
  return {
    verified: true,
    stages,
    subject: claims["sub"]?.[0] ?? null,
    signed_by: signerOf(bench),
    claims,
    role: resolution.role,
    rule: resolution.rule,
    resolution,
  };
}

function signerOf({ draft }: Bench): Signer {
  const { protocol, certificates } = draft.set_up.connection;
  if (protocol === "oidc") return { by: "key", id: "key-1" };
  const { sha256, subject } = shownOf(certificates?.[0] ?? "", new Date(0));
  return { by: "certificate", sha256, subject };
}

/** A sign-in that ended at a stage. */
export function failed(stage: Stage, finding: Told): Verdict {
  const none = { subject: null, claims: {}, role: null, rule: null, resolution: null };
  return { verified: false, stages: track(stage, [finding]), ...none };
}

function track(until: Stage, findings: Told[]): StageReport[] {
  const end = STAGES.indexOf(until);
  return STAGES.map((stage, place) => ({
    stage,
    outcome:
      place > end ? "not_reached" : place === end && findings.length > 0 ? "failed" : "passed",
    findings: place === end ? findings : [],
  }));
}
