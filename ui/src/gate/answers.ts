import type { CertificateShown, Draft, Service, Start, Step } from "../wire";
import { connection as words } from "../words/connection";
import { nameOf } from "../words/fields";
import { provider as providerWords } from "../words/provider";
import { saml } from "../words/saml";
import { save } from "../words/save";

/** One answer as it is checked before saving. */
export type Answer = {
  /** The path of the field, where Change goes. */
  path: string;
  step: Step;
  label: string;
  /** Empty when nothing was given. */
  value: string;
  /** Whether it is a value that is copied and compared. */
  exact: boolean;
  /** There is nothing else to choose, so Change would lead nowhere. */
  fixed: boolean;
};

type Sources = {
  draft: Draft;
  service: Service | null;
  redirect: string;
  audience: string;
  /** Those of each entry of the form, in order. */
  certificates: CertificateShown[][];
  secretKept: boolean;
  /** Whether the keychain has it, and not only the program's memory. */
  secretLasts: boolean;
  start: Pick<Start, "catalogue">;
};

/** Every answer but the rules, in the order of the steps. */
export function answersOf(from: Sources): { workspace: Answer[]; connection: Answer[] } {
  const saml = from.draft.set_up.connection.protocol === "saml";
  return { workspace: ofWorkspace(from), connection: saml ? ofSaml(from) : ofOidc(from) };
}

function ofWorkspace({ draft, service, start }: Sources): Answer[] {
  const { workspace, connection } = draft.set_up;
  const region = service?.regions.find(({ id }) => id === workspace.region);
  const provider = start.catalogue.providers.find(({ id }) => id === connection.provider);
  const row = rowOf("provider");
  const oneService = service !== null && start.catalogue.services.length === 1;
  return [
    { ...row("workspace.service", service?.name ?? ""), fixed: oneService },
    row("workspace.name", workspace.name),
    row("workspace.region", region?.name ?? workspace.region ?? ""),
    row("workspace.owner_email", workspace.owner_email, true),
    row("connection.protocol", providerWords.protocol[connection.protocol]),
    row("connection.provider", provider?.name ?? connection.provider),
  ];
}

function ofSaml({ draft, redirect, audience, certificates }: Sources): Answer[] {
  const { connection } = draft.set_up;
  const { answers } = save;
  const row = rowOf("connection");
  const given = (connection.certificates ?? []).length;
  return [
    row("connection.login_redirect_url", redirect, true),
    row("connection.audience", audience, true),
    row("connection.sign_on_url", connection.sign_on_url ?? "", true),
    row("connection.issuer", connection.issuer ?? "", true),
    ...(given === 0 ? [row("connection.certificates", "")] : []),
    ...Array.from({ length: given }, (_, index) =>
      row(`connection.certificates[${index}]`, answers.certificate(certificates[index] ?? [])),
    ),
    row("connection.request_binding", saml.bindings[connection.request_binding ?? "redirect"]),
    row("connection.sign_requests", connection.sign_requests ? answers.signed : answers.notSigned),
  ];
}

function ofOidc({ draft, redirect, secretKept, secretLasts }: Sources): Answer[] {
  const { connection } = draft.set_up;
  const { answers } = save;
  const kept = secretLasts ? words.secret.keptKeychain : words.secret.keptUntilClosed;
  const flow = { code: words.advanced.code, implicit: words.advanced.implicit };
  const row = rowOf("connection");
  return [
    row("connection.login_redirect_url", redirect, true),
    row("connection.client_id", connection.client_id ?? "", true),
    row("connection.client_secret", secretKept ? kept : ""),
    row("connection.issuer", connection.issuer ?? "", true),
    row("connection.scopes", connection.scopes?.join(" ") ?? answers.usual, !!connection.scopes),
    row("connection.flow", flow[connection.flow ?? "code"]),
    row("connection.login_hint", connection.login_hint ? answers.sent : answers.notSent),
  ];
}

function rowOf(step: Step) {
  return (path: string, value: string, exact = false): Answer => ({
    path,
    step,
    label: nameOf(path),
    value: value.trim(),
    exact,
    fixed: false,
  });
}
