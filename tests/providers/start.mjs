// How every provider here is started and ended.
//
//   node PROVIDER.mjs '{"json":"config"}'
//
// One line of JSON on standard output once it listens; everything else it has to say goes to standard error.
// It serves until its standard input closes, so a test that is killed leaves nothing behind.
import { createServer } from 'node:http';
import { writeSync } from 'node:fs';

console.log = console.info = console.debug = console.error;

export const SERVICE_REDIRECT = 'https://app.torq.io/__/auth/handler';

export const PEOPLE = [
  {
    sub: 'person-1',
    email: 'olivia@acme.example',
    password: 'olivia-signs-in',
    name: 'Olivia Owner',
    groups: ['Everyone', 'Security Leads'],
  },
  {
    sub: 'person-2',
    email: 'bob@acme.example',
    password: 'bob-signs-in',
    name: 'Bob Builder',
    groups: ['Everyone', 'SecOps'],
  },
];

/** The config of the command line over `defaults`; a key that is not among them is a mistake of the caller. */
export function configured(defaults) {
  const given = JSON.parse(process.argv[2] ?? '{}');
  for (const key of Object.keys(given)) {
    if (!(key in defaults)) fail(`unknown key "${key}" in the config; known: ${Object.keys(defaults).join(', ')}`);
  }
  return { ...defaults, ...given };
}

/** Ends the process with a sentence that the test which started it will show. */
export function fail(sentence) {
  writeSync(2, `${sentence}\n`);
  process.exit(2);
}

/**
 * Listens on a free port of 127.0.0.1. `makeHandler(issuer)` is called once the port is known,
 * because an issuer must know its own address.
 */
export async function serve(makeHandler, facts) {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on('request', await makeHandler(issuer));

  ready({ issuer, ...facts });
}

/** Tells the test that the provider listens, and lives from then on as long as the test does. */
export function ready(facts) {
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
  writeSync(1, `${JSON.stringify(facts)}\n`);
}
