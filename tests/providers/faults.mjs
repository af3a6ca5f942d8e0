// oauth2-mock-server (https://github.com/axa-group/oauth2-mock-server) doing one thing wrong, chosen by name.
//
// It has no sign-in page: it redirects at once. Code flow only, any client, any secret.
import { OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { configured, fail, PEOPLE, serve } from './start.mjs';

const HOUR = 3600;
const TOKEN_PATH = '/token';

/** What each fault changes: the ID token before it is signed, the token response, userinfo, the way back. */
const FAULTS = {
  none: {},
  'wrong-aud': { token: ({ payload }) => { payload.aud = 'another-client'; } },
  'wrong-iss': { token: ({ payload }) => { payload.iss = 'https://another.example'; } },
  expired: {
    token: ({ payload }) => {
      for (const time of ['iat', 'nbf', 'exp']) payload[time] -= 2 * HOUR;
    },
  },
  'wrong-nonce': { token: ({ payload }) => { payload.nonce = 'a-nonce-nobody-asked-for'; } },
  'no-nonce': { token: ({ payload }) => { delete payload.nonce; } },
  'no-email': { person: (person) => { delete person.email; delete person.email_verified; } },
  'unverified-email': { person: (person) => { person.email_verified = false; } },
  'groups-as-text': { person: (person) => { person.groups = person.groups.join(','); } },
  'issued-in-future': {
    token: ({ payload }) => {
      payload.iat += 24 * HOUR;
      payload.exp += 24 * HOUR;
    },
  },
  'wrong-azp': { token: ({ payload }) => { payload.azp = 'another-client'; } },
  'no-aud': { token: ({ payload }) => { delete payload.aud; } },
  'unknown-kid': { token: ({ header }) => { header.kid = 'a-key-nobody-published'; } },
  'bad-signature': { answer: ({ body }) => { body.id_token = withOtherSignature(body.id_token); } },
  'alg-none': { answer: ({ body }) => { body.id_token = withoutSignature(body.id_token); } },
  'no-id-token': { answer: ({ body }) => { delete body.id_token; } },
  'invalid-grant': {
    answer: (answer) => {
      answer.statusCode = 400;
      answer.body = { error: 'invalid_grant', error_description: 'The code is spent' };
    },
  },
  'html-instead-of-json': { html: '<!doctype html><title>Gateway</title><h1>Your session at the gateway has ended</h1>' },
  'wrong-state': { redirect: ({ searchParams }) => { searchParams.set('state', 'a-state-nobody-sent'); } },
  'access-denied': {
    redirect: ({ searchParams }) => {
      searchParams.delete('code');
      searchParams.set('error', 'access_denied');
      searchParams.set('error_description', 'The person is not assigned to this application');
    },
  },
};

const config = configured({
  fault: 'none',
  client_id: 'latchkey-under-test',
  client_secret: 'any-secret-will-do',
  person: PEOPLE[0],
});
const fault = FAULTS[config.fault];
if (!fault) fail(`unknown fault "${config.fault}"; known: ${Object.keys(FAULTS).join(', ')}`);

const { client_id, client_secret } = config;
await serve(makeHandler, { client_id, client_secret, fault: config.fault, person: config.person });

async function makeHandler(url) {
  const issuer = new OAuth2Issuer();
  issuer.url = url;
  await issuer.keys.generate('RS256');

  const service = new OAuth2Service(issuer);
  service.on('beforeTokenSigning', (token) => {
    if (isAccessToken(token)) return;
    Object.assign(token.payload, claims());
    fault.token?.(token);
  });
  service.on('beforeUserinfo', (answer) => { answer.body = claims(); });
  service.on('beforeResponse', (answer) => fault.answer?.(answer));
  service.on('beforeAuthorizeRedirect', ({ url: way }) => fault.redirect?.(way));

  return (request, response) => {
    if (fault.html && request.url === TOKEN_PATH) {
      return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(fault.html);
    }
    return service.requestHandler(request, response);
  };
}

/** Both tokens pass the same event; only the access token has a scope. */
function isAccessToken({ payload }) {
  return 'scope' in payload;
}

function claims() {
  const { sub, email, name, groups } = config.person;
  const person = { sub, email, email_verified: true, name, groups };
  fault.person?.(person);
  return person;
}

function withOtherSignature(jwt) {
  const [header, payload, signature] = jwt.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[bytes.length >> 1] ^= 1;
  return [header, payload, bytes.toString('base64url')].join('.');
}

function withoutSignature(jwt) {
  const [, payload] = jwt.split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return `${header}.${payload}.`;
}
