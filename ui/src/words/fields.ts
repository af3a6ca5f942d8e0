import { connection } from "./connection";
import { provider } from "./provider";

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
  "connection.scopes": connection.advanced.scopes,
  "connection.flow": connection.advanced.flow,
  "connection.login_hint": connection.advanced.hint,
  "connection.login_redirect_url": connection.give.redirect,
  rules: "Claim rules",
};

const PARTS: Record<string, string | undefined> = {
  claim: "claim name",
  value: "claim value",
  role: "role",
};

/** What a field is called, by the path of a finding. */
export function nameOf(path: string): string {
  const rule = /^rules\[(\d+)\](?:\.(\w+))?$/.exec(path);
  if (!rule) return NAMES[path] ?? path;
  const number = `Rule ${Number(rule[1]) + 1}`;
  const part = rule[2] && PARTS[rule[2]];
  return part ? `${number}, ${part}` : number;
}
