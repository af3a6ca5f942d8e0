// samlp (https://github.com/auth0/node-samlp, Auth0's) with its own sign-in page: xml-crypto and xml-encryption where
// SimpleSAMLphp has xmlseclibs.
//
// It asks at every sign-in: there is no session.
import { X509Certificate } from 'node:crypto';
import express from 'express';
import samlp from 'samlp';
import { loginPage } from './login-page.mjs';
import { addresses, identity, SERVICE } from './saml-identity.mjs';
import { configured, PEOPLE, serve } from './start.mjs';

const LARGEST_FORM = '64kb';
const EMAIL = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
const CLAIM_NAMES = {
  plain: { email: 'email', name: 'name', groups: 'groups' },
  addresses: {
    email: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
    name: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
    groups: 'http://schemas.xmlsoap.org/claims/Group',
  },
};

const config = configured({
  signed: 'assertion', // response, both, nothing
  algorithm: 'rsa-sha256', // rsa-sha1, which also takes SHA-1 as the digest
  asked_by: null, // A certificate in PEM: requests must be signed by its key
  encrypted_to: null, // A certificate in PEM
  encryption: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  claim_names: 'plain', // addresses
  lifetime: 3600,
  audience: null, // Whoever asks
  recipient: null, // The address that is answered at
  destination: null,
  in_response_to: null, // The request
  key_bits: 2048,
  callback_port: null,
  people: PEOPLE,
});

const acs = addresses(config.callback_port);
const { key, certificate } = identity('samlp (test)', config.key_bits);
const { people } = config;
const facts = { certificate, next_certificate: null, acs, people };

// What the metadata tells of the claims.
profileMapper.prototype.metadata = Object.entries(CLAIM_NAMES[config.claim_names])
  .map(([displayName, id]) => ({ id, displayName }));

await serve(makeHandler, facts);

function makeHandler(url) {
  const entity = `${url}/metadata`;
  Object.assign(facts, {
    entity_id: entity,
    metadata_url: entity,
    sign_on_url: `${url}/sso`,
    initiate_url: `${url}/sso?${new URLSearchParams({ RelayState: 'from the provider' })}`,
  });
  const options = { ...shape(), issuer: entity, cert: certificate, key, profileMapper };
  const app = express();
  app.use(express.urlencoded({ extended: false, limit: LARGEST_FORM }));
  app.get('/metadata', samlp.metadata({ ...options, redirectEndpointPath: '/sso', postEndpointPath: '/sso' }));
  app.get('/sso', ask);
  app.post('/sso', (request, response, next) => {
    const { SAMLRequest, email, cancel } = request.body;
    const isDoor = SAMLRequest && email === undefined && cancel === undefined;
    return isDoor ? ask(request, response, next) : signIn(options, request, response, next);
  });
  return app;
}

function shape() {
  const digest = config.algorithm === 'rsa-sha1' ? 'sha1' : 'sha256';
  const encrypted = config.encrypted_to && {
    encryptionCert: config.encrypted_to,
    encryptionPublicKey: new X509Certificate(config.encrypted_to).publicKey.export({ type: 'spki', format: 'pem' }),
    encryptionAlgorithm: config.encryption,
    disallowEncryptionWithInsecureAlgorithm: false,
  };
  return {
    ...encrypted,
    signResponse: ['response', 'both'].includes(config.signed),
    signAssertion: ['assertion', 'both'].includes(config.signed),
    signatureAlgorithm: config.algorithm,
    digestAlgorithm: digest,
    lifetimeInSeconds: config.lifetime,
    inResponseTo: config.in_response_to ?? undefined,
  };
}

/** Both doors: a request by address, and one by form. */
function ask(request, response, next) {
  const checked = config.asked_by ? { signingCert: config.asked_by } : {};
  samlp.parseRequest(request, checked, (problem) => {
    if (problem) return next(problem);
    return response.send(signInPage(request));
  });
}

function signIn(options, request, response, next) {
  samlp.parseRequest(request, (problem, asked = {}) => {
    if (problem) return next(problem);
    const wanted = asked.assertionConsumerServiceURL;
    const postUrl = acs.includes(wanted) ? wanted : acs[0];
    const answer = {
      ...options,
      audience: config.audience ?? asked.issuer ?? SERVICE,
      recipient: config.recipient ?? postUrl,
      destination: config.destination ?? postUrl,
    };
    const { email, password, cancel } = request.body;
    if (cancel !== undefined) return refuse(answer, asked, postUrl, request, response, next);
    const person = people.find((one) => one.email === email && one.password === password);
    if (!person) return response.send(signInPage(request, 'The e-mail or the password is not right.'));
    return samlp.auth({
      ...answer,
      getUserFromRequest: () => person,
      getPostURL: (_audience, _document, _request, found) => found(null, postUrl),
    })(request, response, next);
  });
}

function refuse(answer, asked, postUrl, request, response, next) {
  const error = {
    code: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
    description: 'The person cancelled the sign-in',
  };
  const RelayState = request.query.RelayState ?? request.body.RelayState ?? '';
  const inResponseTo = answer.inResponseTo ?? asked.id;
  const getPostURL = (_request, found) => found(null, postUrl);
  samlp.sendError({ ...answer, error, inResponseTo, RelayState, getPostURL })(request, response, next);
}

/** A request that came by form is kept in the page, one that came by address in the address. */
function signInPage({ body = {} }, problem) {
  const { SAMLRequest, RelayState, email } = body;
  const kept = SAMLRequest ? { SAMLRequest, RelayState: RelayState ?? '' } : {};
  return loginPage({ client: 'Latchkey (test)', email, problem, kept });
}

function profileMapper(person) {
  const names = CLAIM_NAMES[config.claim_names];
  return {
    getClaims: () => ({
      [names.email]: person.email, [names.name]: person.name, [names.groups]: person.groups,
    }),
    getNameIdentifier: () => ({ nameIdentifier: person.email, nameIdentifierFormat: EMAIL }),
  };
}
