// oidc-provider (certified, https://github.com/panva/node-oidc-provider) with one client and its own sign-in page.
//
// One client a process, so that discovery advertises exactly what this client may do.
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider, interactionPolicy } from 'oidc-provider';
import { loginPage } from './login-page.mjs';
import { configured, fail, PEOPLE, serve, SERVICE_REDIRECT } from './start.mjs';

const LARGEST_FORM = 16 * 1024;

const config = configured({
  client_id: 'latchkey-under-test',
  client_secret: randomBytes(24).toString('base64url'),
  client_auth: 'client_secret_basic', // client_secret_post, none
  response_types: ['code'], // 'id_token', 'id_token token', 'code id_token'
  require_pkce: false,
  id_token_alg: 'RS256', // ES256
  claims_in: 'id_token', // userinfo
  callback_port: null,
  people: PEOPLE,
  tile: null, // the service's Initiate login URI, shown at /dashboard
});

const CLIENT_NAME = 'Latchkey (test)';
const secret = config.client_auth === 'none' ? undefined : config.client_secret;
const redirectUris = [SERVICE_REDIRECT];
if (config.callback_port) redirectUris.push(`http://127.0.0.1:${config.callback_port}/callback`);

await serve(makeHandler, {
  client_id: config.client_id,
  client_secret: secret ?? null,
  redirect_uris: redirectUris,
  people: config.people,
});

function makeHandler(issuer) {
  const provider = makeProvider(issuer);
  const standard = provider.callback();
  return (request, response) => {
    if (config.tile && request.url === '/dashboard') return page(response, 200, dashboard(issuer));
    if (!request.url.startsWith('/interaction/')) return standard(request, response);
    return interact(provider, request, response).catch((error) => {
      console.error(error);
      page(response, 400, `<!doctype html><title>Sign-in has ended</title><p>${error.name}</p>`);
    });
  };
}

function makeProvider(issuer) {
  return new Provider(issuer, {
    clients: [client()],
    clientAuthMethods: [config.client_auth],
    responseTypes: config.response_types,
    conformIdTokenClaims: config.claims_in === 'userinfo',
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username'],
      groups: ['groups'],
    },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    jwks: { keys: [signingKey('rsa', 'RS256', { modulusLength: 2048 }), signingKey('ec', 'ES256', { namedCurve: 'P-256' })] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => config.require_pkce || config.client_auth === 'none' },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}`, policy: policyWithoutNativePrompt() },
    findAccount: (_, sub) => account(config.people.find((person) => person.sub === sub)),
    loadExistingGrant: grantAllThatIsAsked,
    clientBasedCORS: () => false,
    renderError,
  });
}

function client() {
  return {
    client_id: config.client_id,
    client_secret: secret,
    client_name: CLIENT_NAME,
    token_endpoint_auth_method: config.client_auth,
    response_types: config.response_types,
    grant_types: grantTypes(),
    id_token_signed_response_alg: config.id_token_alg,
    // Only native clients may have a redirect URI at http://127.0.0.1.
    application_type: 'native',
    redirect_uris: redirectUris,
  };
}

function grantTypes() {
  const words = config.response_types.flatMap((type) => type.split(' '));
  const types = [];
  if (words.includes('code')) types.push('authorization_code');
  if (words.includes('id_token')) types.push('implicit');
  if (types.length === 0) fail(`response_types ${JSON.stringify(config.response_types)} give no grant type`);
  return types;
}

function signingKey(type, alg, options) {
  // By way of PEM: a key object that still belongs to its generation can wait for itself while it is exported.
  const encoded = { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } };
  const { privateKey } = generateKeyPairSync(type, { ...options, ...encoded });
  return { ...createPrivateKey(privateKey).export({ format: 'jwk' }), use: 'sig', alg, kid: `${type}-${randomBytes(4).toString('hex')}` };
}

/** A native client is asked for consent at every sign-in otherwise (RFC 8252, section 8.6). */
function policyWithoutNativePrompt() {
  const policy = interactionPolicy.base();
  policy.get('consent').checks.remove('native_client_prompt');
  return policy;
}

async function grantAllThatIsAsked(ctx) {
  const { oidc } = ctx;
  const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

function account(person) {
  if (!person) return undefined;
  const { sub, email, name, groups } = person;
  return {
    accountId: sub,
    claims: () => ({ sub, email, email_verified: true, name, preferred_username: email, groups }),
  };
}

async function interact(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'consent') return provider.interactionFinished(request, response, { consent: {} });

  const known = config.people.find((person) => person.sub === session?.accountId);
  const about = { client: CLIENT_NAME, signedInAs: known?.name };
  if (request.method !== 'POST') return page(response, 200, loginPage({ ...about, email: params.login_hint }));

  const form = await readForm(request);
  if (form.has('cancel')) {
    const refusal = { error: 'access_denied', error_description: 'The person cancelled the sign-in' };
    return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
  }
  const email = form.get('email') ?? '';
  const person = config.people.find((one) => one.email === email && one.password === form.get('password'));
  if (!person) {
    return page(response, 200, loginPage({ ...about, email, problem: 'The e-mail or the password is not right.' }));
  }
  return provider.interactionFinished(request, response, { login: { accountId: person.sub } });
}

/** As providers do it: the tile asks the service to start (OpenID Connect Core, section 4). */
function dashboard(issuer) {
  const start = new URL(config.tile);
  start.searchParams.set('iss', issuer);
  start.searchParams.set('login_hint', config.people[0].email);
  const href = start.href.replaceAll('&', '&amp;');
  return `<!doctype html><title>Dashboard</title><h1>Your applications</h1><p><a autofocus href="${href}">Torq</a>`;
}

async function readForm(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > LARGEST_FORM) throw new RangeError('the form is too large');
  }
  return new URLSearchParams(text);
}

function page(response, status, html) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);
}

function renderError(ctx, { error, error_description: description }, cause) {
  console.error(cause);
  ctx.type = 'text/plain';
  ctx.body = `${error}: ${description}`;
}
