import type { Draft, Protocol, Step } from "../../wire";
import { deskOf, fingerprintOf, people, type Bench } from "./bench";
import { BODIES, pemOf } from "./certificates";
import { claimsOf, passed } from "./sign-in";

/** States of the program that the interface can be opened in. */
export const SCENARIOS = [
  "empty",
  "midway",
  "tested",
  "saved",
  "enforced",
  "failing",
  "saml",
  "refused",
  "many",
  "salvaged",
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** A new, empty workspace. */
export function blank(id: string, at: string): Bench {
  const draft: Draft = {
    set_up: {
      format: "latchkey/1",
      workspace: { service: "torq", name: "", region: "", owner_email: "" },
      connection: { protocol: "oidc", provider: "", issuer: "", client_id: "" },
      rules: [],
    },
    step: "provider",
    reached: "provider",
    proposed: null,
    offered: false,
    practice: false,
    secret_mark: null,
  };
  return {
    id,
    version: 1,
    draft,
    secret: "",
    keyPair: null,
    evidence: [],
    revisions: [],
    changedAt: at,
  };
}

/** A workspace with the practice provider behind it. */
export function practice(id: string, at: string, protocol: Protocol = "oidc"): Bench {
  const bench = blank(id, at);
  const { set_up } = bench.draft;
  set_up.workspace = {
    service: "torq",
    name: "Practice",
    region: "us",
    owner_email: people[0]?.email ?? "",
  };
  Object.assign(set_up.connection, {
    provider: "other",
    issuer: "http://127.0.0.1:8484",
    client_id: "latchkey-practice",
    flow: "code",
  });
  bench.draft.practice = true;
  if (protocol === "saml") {
    set_up.connection = {
      protocol,
      provider: "other",
      issuer: "http://127.0.0.1:8484/saml/metadata",
      sign_on_url: "http://127.0.0.1:8484/saml/sign-on",
      certificates: [pemOf(BODIES.acme)],
    };
    return bench;
  }
  bench.draft.secret_mark = "practice";
  bench.secret = "practice-secret";
  return bench;
}

/** The workspaces of a scenario, the one to open first. */
export function benches(scenario: Scenario, at: string): Bench[] {
  switch (scenario) {
    case "empty":
    case "refused":
      return [];
    case "midway":
      return [midway(at), finished("w2", at)];
    case "tested":
      return [filled("w1", at, "test"), midway(at, "w2")];
    case "saved":
    case "salvaged":
      return [finished("w1", at), midway(at, "w2")];
    case "enforced":
      return [enforced("w1", at), endsSoon("w2", at)];
    case "failing":
      return [failing(at)];
    case "many":
      return [many(at)];
    case "saml":
      return [samlMidway(at), samlTested("w2", at)];
  }
}

function midway(at: string, id = "w1"): Bench {
  const bench = blank(id, at);
  const { set_up } = bench.draft;
  set_up.workspace = {
    service: "torq",
    name: "Acme Security",
    region: "eu",
    owner_email: "olivia@acme.example",
  };
  set_up.connection.provider = "auth0";
  set_up.connection.issuer = "https://acme.eu.auth0.com/";
  bench.draft.step = "connection";
  bench.draft.reached = "connection";
  return bench;
}

function filled(id: string, at: string, step: Step): Bench {
  const bench = blank(id, at);
  const { draft } = bench;
  draft.set_up.workspace = {
    service: "torq",
    name: "Acme",
    region: "us",
    owner_email: "olivia@acme.example",
  };
  Object.assign(draft.set_up.connection, {
    provider: "okta",
    issuer: "https://acme.okta.com",
    client_id: "0oa1b2c3d4E5F6g7H8i9",
    client_secret_expires: "2031-02-28",
    scopes: ["openid", "email", "profile", "groups"],
    flow: "code",
  });
  draft.set_up.rules = [
    { claim: "email", value: "olivia@acme.example", role: "Owner" },
    { claim: "groups", value: "SecOps", role: "Contributor" },
    { claim: "groups", value: "Everyone", role: "Viewer" },
  ];
  Object.assign(draft, { step, reached: step, offered: true, secret_mark: "m1" });
  bench.secret = "a-secret-of-the-fake";
  const expected = { "olivia@acme.example": "Owner", "bob@acme.example": "Contributor" };
  for (const [hint, expected_role] of Object.entries(expected)) {
    const verdict = passed(bench, claimsOf(bench, hint));
    bench.evidence.push({
      id: `e${bench.evidence.length + 1}`,
      at,
      way: "window",
      subject: verdict.subject ?? "",
      email: hint,
      fingerprint: fingerprintOf(draft),
      stages: verdict.stages,
      signed_by: verdict.signed_by,
      claims: verdict.claims,
      expected_role,
    });
  }
  return bench;
}

/** With as many rules as a company of departments, countries and duties has. */
function many(at: string): Bench {
  const bench = filled("w1", at, "test");
  const rules = bench.draft.set_up.rules ?? [];
  for (let team = 1; rules.length < 500; team += 1) {
    const number = String(team).padStart(3, "0");
    rules.push({ claim: "groups", value: `acme-team-${number}`, role: "Contributor" });
  }
  return bench;
}

function finished(id: string, at: string): Bench {
  const bench = filled(id, at, "roll_out");
  bench.draft.set_up.workspace.name = "Acme Research";
  const set_up = JSON.stringify(deskOf(bench).draft.set_up);
  bench.revisions.push({
    number: 1,
    at,
    author: "olivia",
    reason: null,
    origin: "saved",
    set_up,
  });
  return bench;
}

/** Declared the only way in. */
function enforced(id: string, at: string): Bench {
  const bench = finished(id, at);
  bench.draft.backup_account = "backup@acme.example";
  bench.draft.enforced = { revision: 1, at, author: "olivia", reason: null };
  return bench;
}

/** Tested with SAML, with a certificate that ends within the month. */
function endsSoon(id: string, at: string): Bench {
  const bench = samlTested(id, at);
  bench.draft.set_up.connection.certificates = [pemOf(BODIES.soon)];
  prove(bench);
  return bench;
}

/** As if everyone had signed in with the settings of now. */
function prove(bench: Bench) {
  for (const evidence of bench.evidence) {
    evidence.fingerprint = fingerprintOf(bench.draft);
    evidence.signed_by = passed(bench, evidence.claims).signed_by;
  }
}

function failing(at: string): Bench {
  const bench = filled("w1", at, "test");
  bench.evidence = [];
  bench.draft.reached = "save";
  bench.draft.set_up.connection.issuer = "https://acme.okta.com/";
  bench.draft.set_up.rules?.push({ claim: "groups", value: "SecOps", role: "Viewer" });
  return bench;
}

/** At step 2 with SAML, nothing brought back yet. */
function samlMidway(at: string): Bench {
  const bench = midway(at);
  const { connection } = bench.draft.set_up;
  Object.assign(connection, { protocol: "saml", provider: "jumpcloud", issuer: "" });
  delete connection.client_id;
  return bench;
}

/**
 * Tested with SAML: one certificate of now, and the old one that nobody has removed. The second
 * person got another role than was expected.
 */
function samlTested(id: string, at: string): Bench {
  const bench = filled(id, at, "save");
  const { set_up } = bench.draft;
  set_up.workspace.name = "Acme Labs";
  set_up.connection = {
    protocol: "saml",
    provider: "okta",
    issuer: "http://www.okta.com/exk1fake",
    sign_on_url: "https://acme.okta.com/app/acme_torq_1/exk1fake/sso/saml",
    certificates: [pemOf(BODIES.acme), pemOf(BODIES.next)],
  };
  bench.secret = "";
  prove(bench);
  const bob = bench.evidence.at(-1);
  if (bob) bob.expected_role = "Creator";
  return bench;
}
