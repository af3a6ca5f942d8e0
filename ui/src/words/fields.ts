import { connection } from "./connection";
import { provider } from "./provider";
import { saml } from "./saml";

const NAMES: Record<string, string | undefined> = {
  "workspace.service": provider.workspace.service,
  "workspace.name": provider.workspace.name,
  "workspace.region": provider.workspace.region,
  "workspace.owner_email": provider.workspace.owner,
  "connection.protocol": provider.protocol.title,
  "connection.provider": provider.choice.title,
  "connection.issuer": connection.take.issuer,
  "connection.client_id": connection.take.clientId,
  "connection.client_secret": connection.take.secret,
  "connection.client_secret_expires": connection.take.expires,
  "connection.scopes": connection.advanced.scopes,
  "connection.flow": connection.advanced.flow,
  "connection.login_hint": connection.advanced.hint,
  "connection.login_redirect_url": connection.give.redirect,
  "connection.sign_on_url": saml.signOn.label,
  "connection.certificates": saml.certificates.title,
  "connection.request_binding": saml.advanced.binding,
  "connection.sign_requests": saml.advanced.sign,
  "connection.key_pair": saml.advanced.key.title,
  "connection.audience": saml.give.ours["audience"],
  "connection.metadata": saml.metadata.title,
  "workspace.service.name": provider.service.name,
  "workspace.service.login_redirect_url": provider.service.redirect,
  "workspace.service.audience": provider.service.audience,
  "workspace.service.roles": provider.service.roles,
  "workspace.service.fallback": provider.service.fallback,
  rules: "Claim rules",
  backup_account: "Backup account",
};

const PARTS: Record<string, string | undefined> = {
  claim: "claim name",
  value: "claim value",
  role: "role",
};

/** What a field is called, by the path of a finding. */
export function nameOf(path: string): string {
  const certificate = /^connection\.certificates\[(\d+)\]/.exec(path);
  if (certificate) return saml.certificates.one(Number(certificate[1]) + 1);
  const rule = /^rules\[(\d+)\](?:\.(\w+))?$/.exec(path);
  if (!rule) return named(path);
  const number = `Rule ${Number(rule[1]) + 1}`;
  const part = rule[2] && PARTS[rule[2]];
  return part ? `${number}, ${part}` : number;
}

/** A field, or one entry of a field that holds a list. */
function named(path: string): string {
  const [, list = "", entry] = /^(.*)\[(\d+)\]$/.exec(path) ?? [];
  if (entry === undefined) return NAMES[path] ?? path;
  return `${NAMES[list] ?? list}, entry ${Number(entry) + 1}`;
}
