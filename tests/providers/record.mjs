// A sign-in in real Chromium, recorded as HAR with bodies: `node record.mjs '{"json":"config"}'`, which ends when it is written.
//
// The service is a stand-in on this machine: the browser is told that its host is here. Nothing leaves the machine.
import { createRequire } from 'node:module';
import { createServer } from 'node:https';
import { identity } from './saml-identity.mjs';
import { configured, fail, SERVICE_REDIRECT } from './start.mjs';

const config = configured({
  har: null, // Where the recording goes
  to: null, // Where the service sends the browser
  email: '',
  password: '',
  act: '[type=submit]', // What is pressed on the provider's page
  status: 200, // What the service answers once it is brought the answer
});
if (!config.har || !config.to) fail('"har" and "to" are missing');

// The interface's own tests have it.
const { chromium } = createRequire(new URL('../../ui/package.json', import.meta.url))('playwright-core');
const { host } = new URL(SERVICE_REDIRECT);
const START = `https://${host}/auth/SSOSignIn`;

const { key, certificate } = identity(host, 2048);
const service = createServer({ key, cert: certificate }, (request, response) => {
  request.resume();
  const { pathname } = new URL(request.url, START);
  if (pathname === new URL(START).pathname) return response.writeHead(302, { location: config.to }).end();
  const status = pathname === new URL(SERVICE_REDIRECT).pathname ? config.status : 204;
  return response.writeHead(status, { 'content-type': 'text/html' }).end(status === 204 ? '' : '<!doctype html><p>Torq</p>');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => service.once('listening', resolve));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    `--host-resolver-rules=MAP ${host} 127.0.0.1:${service.address().port}`,
  ],
});
const context = await browser.newContext({ recordHar: { path: config.har, content: 'embed' }, ignoreHTTPSErrors: true });
const page = await context.newPage();
await page.goto(START);
const fields = page.locator('#email, #username');
if (await fields.count() > 0) {
  await fields.first().fill(config.email);
  await page.locator('input[type=password]').fill(config.password);
  await page.locator(config.act).first().click();
  // The provider may pass through pages of its own that submit themselves.
  await page.waitForURL(`https://${host}/**`);
}
await page.waitForLoadState('networkidle');
await context.close();
await browser.close();
service.close();
