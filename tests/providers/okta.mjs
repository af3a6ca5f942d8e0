// Okta's management API by emulate: users, of whom every third is in SecOps.
import { createServer } from 'node:net';
import { createEmulator } from 'emulate';
import { configured, ready } from './start.mjs';

const { users } = configured({ users: 70 });

/** A port that was free a moment ago: the emulator wants to be told one. */
const port = await new Promise((resolve, reject) => {
  const probe = createServer();
  probe.once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

const id = (n) => `00u${String(n).padStart(17, '0')}`;
const people = Array.from({ length: users }, (_, n) => n);
await createEmulator({
  service: 'okta',
  port,
  seed: {
    okta: {
      users: people.map((n) => ({
        okta_id: id(n),
        login: `p${n}@acme.example`,
        email: `p${n}@acme.example`,
        first_name: 'Person',
        last_name: String(n),
      })),
      groups: [{ name: 'SecOps', okta_id: '00gsecops' }],
      group_memberships: people
        .filter((n) => n % 3 === 0)
        .map((n) => ({ group_okta_id: '00gsecops', user_okta_id: id(n) })),
    },
  },
});
ready({ address: `http://127.0.0.1:${port}` });
