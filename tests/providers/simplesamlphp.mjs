// SimpleSAMLphp (https://simplesamlphp.org, Debian's package) under PHP's own web server, with one service.
//
// One service a process: its entity ID is what the shape of an answer hangs on, and Latchkey has only one.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { addresses, identity, SERVICE } from './saml-identity.mjs';
import { configured, fail, PEOPLE, ready } from './start.mjs';

const SITE = '/usr/share/simplesamlphp/www';

const { state, callback_port, key_bits, ...shape } = configured({
  state: null, // An empty folder, deleted at the end.
  signed: 'assertion', // response, both, nothing
  algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  asked_by: null, // A certificate in PEM: requests must be signed by its key
  encrypted_to: null, // A certificate in PEM
  encrypted: 'assertion', // name_id
  name_id: 'email', // transient
  lifetime: 300,
  key_bits: 2048,
  next_certificate: false, // Announced in the metadata; nothing is signed by its key yet
  metadata_signed: false,
  service: SERVICE,
  also_for: [],
  callback_port: null,
  people: PEOPLE,
});
if (!state) fail('"state" is missing: the folder that SimpleSAMLphp may write to');
if (!existsSync(SITE)) fail('SimpleSAMLphp is not installed: run tests/install.sh tests');

for (const folder of ['log', 'data', 'tmp']) mkdirSync(`${state}/${folder}`);
const { key, certificate } = identity('SimpleSAMLphp (test)', key_bits);
const acs = addresses(callback_port);
writeFileSync(`${state}/signing.key`, key);
writeFileSync(`${state}/signing.crt`, certificate);
const next = shape.next_certificate ? identity('SimpleSAMLphp (next)', key_bits) : null;
if (next) {
  writeFileSync(`${state}/next.key`, next.key);
  writeFileSync(`${state}/next.crt`, next.certificate);
}
writeFileSync(`${state}/shape.json`, JSON.stringify({ ...shape, acs }));

// The server is ended by the system with this process, however that ends.
const server = spawn('setpriv', ['--pdeathsig', 'KILL', 'php', '-S', '127.0.0.1:0', '-t', SITE], {
  env: {
    PATH: process.env.PATH,
    SIMPLESAMLPHP_CONFIG_DIR: `${import.meta.dirname}/simplesamlphp`,
    LATCHKEY_STATE: state,
  },
  stdio: ['ignore', 'ignore', 'pipe'],
});
server.on('error', (error) => fail(`PHP did not start: ${error.message}`));
server.on('exit', () => fail('PHP ended by itself'));
process.on('exit', () => {
  server.removeAllListeners('exit').kill('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

for await (const line of createInterface({ input: server.stderr })) {
  console.error(line);
  const [, url] = line.match(/Development Server \((http:[^)]+)\) started/) ?? [];
  if (url) announce(url);
}

function announce(url) {
  const { people, service } = shape;
  const sso = `${url}/saml2/idp/SSOService.php`;
  ready({
    entity_id: `${url}/saml2/idp/metadata.php`,
    metadata_url: `${url}/saml2/idp/metadata.php`,
    sign_on_url: sso,
    initiate_url: `${sso}?${new URLSearchParams({ spentityid: service, RelayState: 'from the provider' })}`,
    certificate,
    next_certificate: next?.certificate ?? null,
    acs,
    people,
  });
}
