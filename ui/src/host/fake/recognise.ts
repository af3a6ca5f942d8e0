import type { Kind, PasteTold } from "../../wire";
import { nameOf } from "../../words/fields";
import type { Bench } from "./bench";
import { told } from "./told";

type Guess = { kind: Kind; field: string | null; what: string };

/** Says what a pasted text is. Far less than the program knows, and enough to see every answer. */
export function recognise(bench: Bench, text: string, at: string | null): PasteTold {
  const value = text.trim();
  if (/PRIVATE KEY/.test(value)) {
    const finding = told("pasted_private_key", {}, at);
    return { ...nothing("private_key", "a private key"), finding };
  }
  const lines = value.split(/\n/).flatMap((line) => {
    const match = /^\s*([A-Za-z ()-]+):\s+(\S.*)$/.exec(line);
    const guess = match && guessed(bench, (match[2] ?? "").trim(), match[1] ?? "");
    const value = (match?.[2] ?? "").trim();
    return guess?.field ? [{ field: guess.field, place: nameOf(guess.field), value }] : [];
  });
  if (at === null && lines.length > 1) {
    const finding = told("pasted_several", { count: lines.length }, null, "note");
    return { ...nothing("several", "several values"), finding, also: lines };
  }
  const guess = guessed(bench, value, "");
  if (!guess) return { ...nothing("unknown", "something else"), belongs_to: at, value };
  const elsewhere = at !== null && at !== guess.field;
  const data = { thing: guess.what, place: guess.field ? nameOf(guess.field) : "" };
  return {
    ...nothing(guess.kind, guess.what),
    belongs_to: guess.field,
    place: guess.field && nameOf(guess.field),
    value,
    finding: elsewhere
      ? told(guess.field ? "pasted_elsewhere" : "pasted_nowhere", data, at, "warning")
      : null,
  };
}

function nothing(kind: Kind, name: string): PasteTold {
  return { kind, name, belongs_to: null, place: null, value: null, finding: null, also: [] };
}

function guessed({ draft }: Bench, value: string, label: string): Guess | null {
  const saml = draft.set_up.connection.protocol === "saml";
  if (/BEGIN CERTIFICATE/.test(value)) {
    return { kind: "certificate", field: "connection.certificates", what: "a certificate" };
  }
  if (/EntityDescriptor/.test(value) || /metadata/i.test(value)) {
    return {
      kind: "provider_metadata",
      field: "connection.metadata",
      what: "the provider's metadata",
    };
  }
  if (/secret/i.test(label)) {
    return { kind: "client_secret", field: "connection.client_secret", what: "a client secret" };
  }
  if (/^0oa\w+$/.test(value)) {
    return { kind: "client_id", field: "connection.client_id", what: "a client ID" };
  }
  if (/^eyJ[\w-]+\.[\w-]+\./.test(value)) return { kind: "token", field: null, what: "a token" };
  if (!/^https?:\/\//.test(value)) return null;
  if (/\/(sso|saml2?)\b/.test(value) && !/entity/.test(value)) {
    return { kind: "sign_on_url", field: "connection.sign_on_url", what: "a Sign-On URL" };
  }
  const kind = saml ? "entity_id" : "issuer";
  return { kind, field: "connection.issuer", what: "an issuer" };
}
