import book from "../../../../src-tauri/core/diagnosis/symptoms.json";
import type {
  Answered,
  Consultation,
  Diagnosed,
  FaultTaught,
  Given,
  HarRead,
  Link,
  Looked,
  Question,
  Suspected,
  Symptom,
  Told,
} from "../../wire";
import type { Bench } from "./bench";
import { told } from "./told";

type Suspect = (typeof book.suspects)[number];
type List = "proved_by" | "excluded_by" | "likelier_by" | "less_by";

export function symptoms(): Symptom[] {
  return book.symptoms.map(({ id, name, says }) => ({ id, name, says }));
}

/** The program's search, as far as a person's answers carry it: of a workspace it sees one thing. */
export function consult(id: string, given: Given[], bench: Bench | null): Consultation | null {
  const symptom = book.symptoms.find((one) => one.id === id);
  if (!symptom) return null;
  const known = new Map(given.map(({ question, answer }) => [question, answer]));
  const rules = bench?.draft.set_up.rules ?? [];
  if (bench && rules.some(({ claim }) => claim === "email")) known.set("email_rule", "there");
  const answered = [...known].map(([question, answer]) => answeredBy(question, answer));
  const suspects = symptom.suspects.flatMap((name) => book.suspects.filter((s) => s.id === name));
  const out = suspects.filter((one) => holds(one, "excluded_by", known));
  const open = suspects.filter((one) => !out.includes(one));
  const excluded = out.map(({ name }) => ({ name, because: answered.map(({ text }) => text) }));
  const cause = open.find((one) => holds(one, "proved_by", known));
  const shared = { excluded, known: answered };
  if (cause) {
    const found = ("proved" in cause && cause.proved) || cause.possible;
    const proved = suspected(cause, told(found, {}, null, "error"));
    return { ...shared, proved, open: [], next: null };
  }
  const next = symptom.asks.find(
    (name) =>
      !known.has(name) &&
      (bench !== null || name !== "whose") &&
      open.some((one) =>
        clues(one).some((clue) => asksOf(name).some((q) => clue.includes(`${q}=`))),
      ),
  );
  return {
    ...shared,
    proved: null,
    open: open.map((one) => {
      const likely = holds(one, "likelier_by", known) ? "warning" : "note";
      return suspected(
        one,
        told(one.possible, { evidence: "nothing here excludes it so far" }, null, likely),
      );
    }),
    next: next ? question(next) : null,
  };
}

/** What the provider says when it is asked again: for SAML, another certificate. */
export function lookAt(bench: Bench, metadata: string | null, at: string): Looked {
  const { protocol, issuer } = bench.draft.set_up.connection;
  const saml = protocol === "saml";
  if (saml && !metadata && !issuer?.startsWith("http")) {
    return { at: null, reached: false, clock: null, findings: [] };
  }
  const data = { subject: "CN=idp.acme.example", sha256: "5f2c", not_after: "2028-01-01" };
  return {
    at,
    reached: true,
    clock: "Yes: it agrees with that of acme.okta.com to within half a minute.",
    findings: saml ? [told("metadata_certificate_added", data, null, "warning")] : [],
  };
}

/** A recording in which the provider refused the Login Redirect URL. */
export function recording(file = "acme.har"): HarRead {
  const data = { provider: "Okta", evidence: "redirect_uri", place: "the console" };
  const cause = told("redirect_not_registered", { ...data, redirect: "https://app.torq.io" });
  const link = (number: number, step: Link["step"], host: string, path: string): Link => ({
    number,
    at: "2026-11-22T18:00:00Z",
    method: "GET",
    place: { scheme: "https", host, path },
    parameters: [],
    step,
    status: 302,
    error: "",
    outcome: "passed",
    findings: [],
  });
  const links: Link[] = [
    link(3, "start", "app.torq.io", "/auth/SSOSignIn"),
    {
      ...link(4, "request", "acme.okta.com", "/oauth2/v1/authorize"),
      parameters: ["client_id", "redirect_uri", "state"],
      status: 400,
      outcome: "failed",
      findings: [cause],
    },
  ];
  return {
    file,
    recording: {
      browser: "firefox",
      creator: "Firefox 148",
      agent: "Firefox 148.0",
      requests: 24,
      cut: null,
    },
    findings: [cause],
    chains: [{ protocol: "oidc", links, worked: false, silent: false }],
    judged: 0,
  };
}

/** The cause in a text: the fake knows two. */
export function diagnose(text: string): Diagnosed {
  const data = { provider: "Microsoft Entra ID", evidence: "AADSTS50011", place: "Authentication" };
  if (text.includes("AADSTS50011")) {
    const redirect = "https://app.torq.io/__/auth/handler";
    const finding = told("redirect_not_registered", { ...data, redirect });
    return { kind: "failure", thing: "a failure", findings: [finding] };
  }
  if (text.includes("SAMLResponse")) {
    const both = { expected: "torq.io", received: "https://torq.io" };
    const finding = told("saml_audience_differs", both, "connection.audience");
    return { kind: "answer", thing: "an answer of the provider", findings: [finding] };
  }
  const nothing = told("nothing_recognised", { looked_for: "codes and messages" }, null, "note");
  return { kind: "unknown", thing: "", findings: [nothing] };
}

export function faults(on: string | null): FaultTaught[] {
  const all: [string, FaultTaught["protocol"], string, boolean][] = [
    ["wrong-audience", "oidc", "The ID token's aud names another client.", false],
    ["audience-list", "oidc", "The ID token's aud is a list that holds only this client.", true],
    ["redirect-refused", "oidc", "The redirect URI is treated as not registered.", false],
    ["saml-wrong-audience", "saml", "The Assertion is restricted to another audience.", false],
    ["saml-http-500", "saml", "The sign-on address answers 500.", false],
  ];
  return all.map(([name, protocol, says, allowed]) => {
    return { name, protocol, says, allowed, on: name === on };
  });
}

/** A question and those that the program can answer by it. */
function asksOf(id: string): string[] {
  return [id, ...(question(id)?.feeds ?? [])];
}

function suspected({ id, ...suspect }: Suspect, about: Told): Suspected {
  const means = ("also" in suspect ? suspect.also : []) as Suspected["means"];
  return { id, told: about, questions: [], means };
}

function clues(suspect: Suspect): string[] {
  const lists: List[] = ["proved_by", "excluded_by", "likelier_by", "less_by"];
  return lists.flatMap((list) => (suspect as Partial<Record<List, string[]>>)[list] ?? []);
}

function holds(suspect: Suspect, list: List, known: Map<string, string>): boolean {
  const clue = (suspect as Partial<Record<List, string[]>>)[list] ?? [];
  return clue.some((parts) =>
    parts.split(" & ").every((part) => {
      const [name = "", answer] = part.split("=");
      return known.get(name) === answer;
    }),
  );
}

function question(id: string): Question | null {
  const found = book.questions.find((one) => one.id === id);
  const blank = { how: "", answers: [], written: false, seen: null, feeds: [] };
  return found ? ({ ...blank, ...found } as Question) : null;
}

function answeredBy(id: string, answer: string): Answered {
  const asked = question(id);
  const text =
    asked?.answers?.find((one) => one.id === answer)?.text ??
    (answer === "-" ? "Left out." : answer);
  const seen = asked?.seen ?? null;
  return { id, text: asked?.text ?? id, answer: seen ? "Yes." : text, seen };
}
