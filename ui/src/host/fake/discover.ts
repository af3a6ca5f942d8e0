import type { Discovery, Told } from "../../wire";
import { told } from "./told";

/** Hosts that fail, each in its own way, so that every failure can be seen in a browser. */
const FAILURES: Record<string, (issuer: string) => Told> = {
  "nowhere.example": () => told("host_not_found", { host: "nowhere.example" }),
  "missing.example": (issuer) =>
    told("discovery_not_found", { address: documentOf(issuer), status: 404 }),
  "page.example": (issuer) => told("html_instead_of_json", { address: documentOf(issuer) }),
  "private-ca.example": () =>
    told("tls_not_trusted", {
      host: "private-ca.example",
      reason: "unknown issuer",
      issuer: "CN=Acme Internal CA",
      subject: "CN=private-ca.example",
      not_after: "2027-03-01T00:00:00Z",
    }),
  "moved.example": (issuer) =>
    told("issuer_differs", { expected: issuer, received: "https://id.moved.example" }),
};

/** What the provider at this issuer would say about itself; throws a finding if it fails. */
export function discovery(issuer: string): Discovery {
  if (!URL.canParse(issuer)) throw told("not_an_address", { field: "Issuer URL" });
  const url = new URL(issuer);
  const failure = FAILURES[url.hostname]?.(issuer);
  if (failure) throw { ...failure, path: "connection.issuer" };
  if (url.hostname.endsWith(".okta.com") && issuer.endsWith("/")) {
    const data = { expected: issuer, received: issuer.slice(0, -1) };
    throw told("issuer_differs_by_slash", data, "connection.issuer");
  }
  const base = issuer.replace(/\/$/, "");
  return {
    issuer,
    authorization_endpoint: `${base}/oauth2/v1/authorize`,
    token_endpoint: `${base}/oauth2/v1/token`,
    userinfo_endpoint: `${base}/oauth2/v1/userinfo`,
    jwks_uri: `${base}/oauth2/v1/keys`,
    response_types: url.hostname === "code-only.example" ? ["code"] : ["code", "id_token"],
    response_modes: ["query", "fragment", "form_post"],
    scopes: ["openid", "email", "profile", "groups", "offline_access"],
    claims: ["sub", "iss", "aud", "exp", "iat", "email", "email_verified", "name", "groups"],
    secret_ways: ["client_secret_basic", "client_secret_post"],
    algorithms: ["RS256"],
    challenge_methods: ["S256"],
    names_issuer_in_answers: false,
  };
}

function documentOf(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}
