import type { Entity, MetadataSource, MetadataRead, RequestBinding, SignOn } from "../../wire";
import { BODIES, pemOf, shownOf } from "./certificates";
import { told } from "./told";

const BINDINGS: Record<string, RequestBinding | undefined> = {
  "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect": "redirect",
  "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST": "post",
};

/** Reads metadata; throws a finding if it is none. `rotated` stands for a later reading. */
export function readMetadata(from: MetadataSource, now: Date, rotated: boolean): MetadataRead {
  if (from.from === "paste") return read(from.text, "", now);
  if (from.from === "file") return read(document("acme", [BODIES.acme]), "metadata.xml", now);
  if (!URL.canParse(from.address)) throw told("not_an_address", { field: "Metadata" });
  const { hostname } = new URL(from.address);
  if (hostname === "page.example") {
    throw told("html_instead_of_json", { address: from.address });
  }
  if (hostname === "nowhere.example") throw told("host_not_found", { host: hostname });
  if (hostname === "federation.example") return read(federation(60), hostname, now);
  return read(
    document("acme", rotated ? [BODIES.acme, BODIES.next] : [BODIES.acme]),
    hostname,
    now,
  );
}

/** Metadata of a provider, as one would hand it out. */
export function document(name: string, bodies: string[]): string {
  return `<?xml version="1.0"?>${entity(name, bodies)}`;
}

function federation(count: number): string {
  const names = Array.from({ length: count }, (_, place) => `campus-${place + 1}`);
  const all = names.map((name) => entity(name, [BODIES.acme])).join("");
  return `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${all}</EntitiesDescriptor>`;
}

function entity(name: string, bodies: string[]): string {
  const keys = bodies.map(
    (body) =>
      `<KeyDescriptor use="signing"><X509Certificate>${body}</X509Certificate></KeyDescriptor>`,
  );
  const services = Object.entries(BINDINGS).map(
    ([binding, short]) =>
      `<SingleSignOnService Binding="${binding}" Location="https://sso.${name}.example/saml2/${short}"/>`,
  );
  return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sso.${name}.example/entity"><IDPSSODescriptor WantAuthnRequestsSigned="false">${keys.join("")}${services.join("")}</IDPSSODescriptor></EntityDescriptor>`;
}

function read(text: string, source: string, now: Date): MetadataRead {
  const parsed = new DOMParser().parseFromString(text, "text/xml");
  if (parsed.querySelector("parsererror, html")) throw told("not_xml", { reason: "it is a page" });
  const entities = [...parsed.querySelectorAll("EntityDescriptor")].flatMap((one) =>
    one.querySelector("IDPSSODescriptor") ? [entityOf(one, now)] : [],
  );
  if (entities.length === 0) throw told("pasted_service_metadata");
  return { source, valid_until: null, signed: "unsigned", entities, findings: [] };
}

function entityOf(element: Element, now: Date): Entity {
  const certificates = [...element.querySelectorAll("X509Certificate")].map((one) =>
    shownOf(pemOf((one.textContent ?? "").replace(/\s+/g, "")), now),
  );
  const sign_on = [...element.querySelectorAll("SingleSignOnService")].flatMap((one): SignOn[] => {
    const binding = BINDINGS[one.getAttribute("Binding") ?? ""];
    const address = one.getAttribute("Location") ?? "";
    return binding ? [{ binding, name: `HTTP-${binding}`, address }] : [];
  });
  return {
    entity_id: element.getAttribute("entityID") ?? "",
    name: null,
    valid_until: null,
    sign_on,
    certificates,
    encryption_certificates: [],
    name_id_formats: [],
    findings: [],
    wants_signed_requests:
      element.querySelector("IDPSSODescriptor")?.getAttribute("WantAuthnRequestsSigned") === "true",
  };
}
