// What the SAML providers here have in common: who may ask, where answers go, and a key pair of their own.
import { execFileSync } from 'node:child_process';
import { SERVICE_REDIRECT } from './start.mjs';

export const SERVICE = 'torq.io';

/** The first is the one that answers go to when nobody asked, or when another address was asked for. */
export function addresses(callbackPort) {
  const known = [SERVICE_REDIRECT, 'https://app.eu.torq.io/__/auth/handler'];
  return callbackPort ? [...known, `http://127.0.0.1:${callbackPort}/callback`] : known;
}

/** A fresh RSA key and a certificate of it for a year, both PEM. Node makes keys, but no certificates. */
export function identity(name, bits) {
  const made = execFileSync('openssl', [
    'req', '-x509', '-newkey', `rsa:${bits}`, '-noenc', '-sha256', '-days', '365', '-subj', `/CN=${name}`,
    '-keyout', '-', '-out', '-',
  ], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const block = (label) => made.match(new RegExp(`-----BEGIN ${label}-----[^]*?-----END ${label}-----\n`))[0];
  return { key: block('PRIVATE KEY'), certificate: block('CERTIFICATE') };
}
