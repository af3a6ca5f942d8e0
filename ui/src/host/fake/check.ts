import type { ConnectionFields, Draft, Service, ServiceChoice, Told } from "../../wire";
import { catalogue } from "./catalogue";
import { checkCertificate } from "./certificates";
import { checkRules } from "./check-rules";
import { told } from "./told";

/** Everything noticed about fields and rules. Plausible, and far less than the program notices. */
export function check(draft: Draft, service: Service, secretKept: boolean): Told[] {
  return [
    ...checkWorkspace(draft, service),
    ...checkConnection(draft, secretKept),
    ...checkRules(draft, service),
  ];
}

function checkWorkspace({ set_up: { workspace } }: Draft, service: Service): Told[] {
  const found: Told[] = [];
  found.push(...checkDescribed(workspace.service));
  if (!workspace.name.trim()) found.push(missing("Workspace name", "workspace.name"));
  const region = service.regions.find(({ id }) => id === (workspace.region ?? ""));
  if (!workspace.region && service.regions.length > 1) {
    found.push(told("choice_missing", { field: "Region" }, "workspace.region"));
  } else if (region?.inferred) {
    const data = { region: region.name, address: region.login_redirect_url };
    found.push(told("redirect_is_inferred", data, "connection.login_redirect_url", "warning"));
  }
  const email = workspace.owner_email.trim();
  if (!email) {
    found.push(missing("Owner's e-mail", "workspace.owner_email"));
  } else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    found.push(told("not_an_email", { field: "Owner's e-mail" }, "workspace.owner_email"));
  }
  return found;
}

function checkDescribed(service: ServiceChoice): Told[] {
  if (typeof service === "string") return [];
  const { name, login_redirect_url, roles, fallback } = service;
  const values = { name, login_redirect_url, roles: roles.join(""), fallback };
  return Object.entries(values)
    .filter(([, value]) => value.trim() === "")
    .map(([field]) => missing(field, `workspace.service.${field}`));
}

function checkConnection({ set_up: { connection }, practice }: Draft, secretKept: boolean): Told[] {
  const found: Told[] = [];
  if (!connection.provider) {
    found.push(told("choice_missing", { field: "Provider" }, "connection.provider"));
  }
  if (connection.protocol === "saml") return [...found, ...checkSaml(connection)];
  found.push(...checkIssuer(connection.issuer ?? "", practice));
  const clientId = connection.client_id ?? "";
  if (!clientId) found.push(missing("Client ID", "connection.client_id"));
  else if (/\s/.test(clientId)) {
    found.push(told("field_has_space_inside", { field: "Client ID" }, "connection.client_id"));
  }
  if (!secretKept && (connection.flow ?? "code") === "code") {
    found.push(told("secret_missing", {}, "connection.client_secret"));
  }
  const { scopes } = connection;
  if (scopes && !scopes.includes("openid")) {
    found.push(told("scope_openid_missing", {}, "connection.scopes"));
  }
  const provider = catalogue.providers.find(({ id }) => id === connection.provider);
  for (const [index, scope] of (scopes ?? []).entries()) {
    if (!provider?.refused_scopes?.includes(scope)) continue;
    const data = { scope, provider: provider.name };
    found.push(told("scope_refused_by_provider", data, `connection.scopes[${index}]`));
  }
  return found;
}

function checkSaml({ issuer, sign_on_url, certificates }: ConnectionFields): Told[] {
  const found: Told[] = [];
  const at = (name: string) => `connection.${name}`;
  if (!sign_on_url) found.push(missing("Sign-On URL", at("sign_on_url")));
  else if (/[{<]/.test(sign_on_url)) {
    const data = { field: "Sign-On URL", placeholder: sign_on_url };
    found.push(told("placeholder_left_in", data, at("sign_on_url")));
  } else if (!URL.canParse(sign_on_url)) {
    found.push(told("not_an_address", { field: "Sign-On URL" }, at("sign_on_url")));
  }
  if (!issuer) found.push(missing("Issuer URL", at("issuer")));
  if ((certificates ?? []).length === 0) {
    found.push(missing("Public certificate", at("certificates")));
  }
  return [
    ...found,
    ...(certificates ?? []).flatMap((pem, index) =>
      checkCertificate(pem, at(`certificates[${index}]`), new Date()),
    ),
  ];
}

function checkIssuer(issuer: string, practice: boolean): Told[] {
  const path = "connection.issuer";
  const field = "Issuer URL";
  if (!issuer) return [missing(field, path)];
  if (!URL.canParse(issuer)) return [told("not_an_address", { field }, path)];
  const url = new URL(issuer);
  const suffix = "/.well-known/openid-configuration";
  if (url.pathname.endsWith(suffix)) {
    return [told("issuer_is_discovery_address", { mend: issuer.replace(suffix, "") }, path)];
  }
  if (url.username || url.password) return [told("address_has_user_info", { field }, path)];
  if (url.search || url.hash) return [told("address_has_query_or_fragment", { field }, path)];
  if (practice) return [];
  if (url.protocol !== "https:") {
    return [told("address_not_https", { field, scheme: url.protocol.slice(0, -1) }, path)];
  }
  if (/^(localhost|127\.|10\.|192\.168\.)/.test(url.hostname)) {
    return [told("address_is_private", { field, host: url.hostname }, path, "warning")];
  }
  return [];
}

function missing(field: string, path: string): Told {
  return told("field_missing", { field }, path);
}
