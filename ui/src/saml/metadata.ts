import type { ConnectionFields, Entity, RequestBinding } from "../wire";

/** What one provider of a metadata document fills into the form. */
export type Given = {
  issuer: string;
  sign_on_url: string;
  request_binding: RequestBinding;
  certificates: string[];
};

/** One field of which the form and the metadata say different things. */
export type Differing = { path: string; here: string[]; there: string[] };

/** What the provider's entry fills in, with the Sign-On URL of the binding that is asked for. */
export function givenBy(entity: Entity, wanted: RequestBinding): Given {
  const by = (binding: RequestBinding) => entity.sign_on.find((one) => one.binding === binding);
  const sign_on = by(wanted) ?? by("redirect") ?? by("post");
  return {
    issuer: entity.entity_id,
    sign_on_url: sign_on?.address ?? "",
    request_binding: sign_on?.binding ?? wanted,
    certificates: entity.certificates.map(({ pem }) => pem),
  };
}

/** Whether the form holds nothing yet that metadata would give. */
export function isOpen({ issuer, sign_on_url, certificates }: ConnectionFields): boolean {
  return !issuer && !sign_on_url && (certificates ?? []).length === 0;
}

/** Where the form and the metadata differ. What the metadata leaves open is no difference. */
export function differing(given: Given, form: ConnectionFields): Differing[] {
  const rows: Differing[] = [
    row("connection.issuer", [form.issuer ?? ""], [given.issuer]),
    row("connection.sign_on_url", [form.sign_on_url ?? ""], [given.sign_on_url]),
    row(
      "connection.request_binding",
      [form.request_binding ?? "redirect"],
      [given.request_binding],
    ),
    row("connection.certificates", form.certificates ?? [], given.certificates),
  ];
  return rows.filter(({ here, there }) => there.some(Boolean) && !sameSet(here, there));
}

/** Writes what the metadata gives into the form. What it leaves open stays as it is. */
export function takeOver(given: Given, form: ConnectionFields): void {
  if (given.issuer) form.issuer = given.issuer;
  if (given.sign_on_url) {
    form.sign_on_url = given.sign_on_url;
    form.request_binding = given.request_binding === "redirect" ? null : given.request_binding;
  }
  if (given.certificates.length > 0) form.certificates = [...given.certificates];
}

/** A certificate as its bytes are written, whatever stands around them. */
export function bodyOf(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, "").replace(/\s+/g, "");
}

function row(path: string, here: string[], there: string[]): Differing {
  return { path, here, there };
}

function sameSet(here: string[], there: string[]): boolean {
  const [ours, theirs] = [new Set(here.map(bodyOf)), new Set(there.map(bodyOf))];
  return ours.size === theirs.size && [...ours].every((one) => theirs.has(one));
}
