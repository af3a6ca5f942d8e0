import type { Draft, Step } from "../../wire";
import { deskOf, fingerprintOf, people, type Bench } from "./bench";
import { claimsOf, passed } from "./sign-in";

/** States of the program that the interface can be opened in. */
export const SCENARIOS = ["empty", "midway", "tested", "saved", "failing", "refused"] as const;
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
  return { id, version: 1, draft, secret: "", evidence: [], revisions: [], changedAt: at };
}

/** A workspace with the practice provider behind it. */
export function practice(id: string, at: string): Bench {
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
      return [finished("w1", at), midway(at, "w2")];
    case "failing":
      return [failing(at)];
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
  for (const hint of ["olivia@acme.example", "bob@acme.example"]) {
    const verdict = passed(bench, claimsOf(bench, hint));
    bench.evidence.push({
      id: `e${bench.evidence.length + 1}`,
      at,
      way: "window",
      subject: verdict.subject ?? "",
      email: hint,
      fingerprint: fingerprintOf(draft),
      stages: verdict.stages,
      claims: verdict.claims,
    });
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

function failing(at: string): Bench {
  const bench = filled("w1", at, "test");
  bench.evidence = [];
  bench.draft.reached = "save";
  bench.draft.set_up.connection.issuer = "https://acme.okta.com/";
  bench.draft.set_up.rules?.push({ claim: "groups", value: "SecOps", role: "Viewer" });
  return bench;
}
