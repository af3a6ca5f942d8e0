import type { CertificatesRead, CertificateShown, Due, Told } from "../../wire";
import { told } from "./told";

const DAY = 86_400_000;

/** The bodies of the certificates that the fake knows. They are none: only their letters count. */
export const BODIES = {
  acme: "MIIBfakeSignOnOfAcme0000000000000000000000000000000000000000000A",
  next: "MIIBfakeSignOnOfAcmeFromNextYear00000000000000000000000000000000",
  soon: "MIIBfakeSignOnOfAcmeThatEndsInThreeWeeks00000000000000000000000B",
  old: "MIIBfakeSignOnOfAcmeThatHasEnded0000000000000000000000000000000B",
} as const;

const KNOWN: Record<string, { subject: string; from: number; to: number; key: string }> = {
  [BODIES.acme]: { subject: "CN=sign-on.acme.example, O=Acme", from: -200, to: 412, key: "RSA" },
  [BODIES.next]: { subject: "CN=sign-on-2.acme.example, O=Acme", from: -2, to: 1093, key: "RSA" },
  [BODIES.soon]: { subject: "CN=sign-on.acme.example, O=Acme", from: -344, to: 21, key: "RSA" },
  [BODIES.old]: { subject: "CN=old.acme.example, O=Acme", from: -1200, to: -105, key: "RSA" },
};

/** A certificate as text. */
export function pemOf(body: string): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** A certificate as the program would show it; one that the fake does not know looks like any. */
export function shownOf(pem: string, now: Date): CertificateShown {
  const body = bodyOf(pem);
  const known = KNOWN[body] ?? { subject: "CN=unknown.example", from: -30, to: 700, key: "RSA" };
  const at = (days: number) => new Date(now.getTime() + days * DAY).toISOString();
  return {
    sha256: digits(body, 64),
    sha1: digits(`1${body}`, 40),
    subject: known.subject,
    issuer: known.subject,
    serial: digits(`2${body}`, 16).replace(/(..)(?=.)/g, "$1:"),
    not_before: at(known.from),
    not_after: at(known.to),
    days_left: known.to,
    due: dueOf(known.to),
    key: `${known.key}, 2048 bit`,
    signature_algorithm: "RSA with SHA-256",
    self_signed: true,
    pem: pemOf(body),
  };
}

/** What an end calls for that is so many days away. */
export function dueOf(days: number): Due {
  if (days <= 0) return "past";
  return days <= 30 ? "soon" : days <= 90 ? "in_sight" : "far";
}

/** What the program would notice about a certificate of the form. */
export function checkCertificate(pem: string, path: string, now: Date): Told[] {
  const { subject, not_after, days_left } = shownOf(pem, now);
  const data = { subject, not_after, days: days_left, now: now.toISOString() };
  if (days_left < 0) return [told("certificate_expired", data, path)];
  if (days_left > 90) return [];
  return [told("certificate_expires_soon", data, path, "warning")];
}

/** The certificates in a text. */
export function readCertificates(text: string, now: Date): CertificatesRead {
  if (/PRIVATE KEY/.test(text)) {
    return { certificates: [], findings: [told("private_key_instead_of_certificate")] };
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const bare = /^\s*MII[A-Za-z0-9+/=\s]{40,}$/.test(text) ? [text] : [];
  const certificates = [...blocks, ...bare].map((pem) => shownOf(pem, now));
  const findings = certificates.length === 0 ? [told("certificate_not_found")] : [];
  return { certificates, findings };
}

function bodyOf(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, "").replace(/\s+/g, "");
}

/** Digits that follow from a text: the same ones every time. */
function digits(text: string, count: number): string {
  let state = 7;
  let made = "";
  for (let at = 0; made.length < count; at += 1) {
    state = (state * 31 + text.charCodeAt(at % text.length)) % 65_521;
    made += (state % 16).toString(16);
  }
  return made;
}
