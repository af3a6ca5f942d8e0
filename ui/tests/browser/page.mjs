import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const DIST = process.env.LATCHKEY_DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Chromium's own errands would only disturb the tests; the sandbox does not run as root. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** The content policy of the window, from its own configuration: what passes here passes there. */
const { app } = JSON.parse(
  await readFile(new URL("../../../src-tauri/tauri.conf.json", import.meta.url), "utf8"),
);

/** The built interface on a loopback port, and a browser to open it in. */
export async function start() {
  const server = createServer(serve).listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

  return {
    /** Opens the interface on the fake host; `complaints` fills with errors and policy violations. */
    async open({ fake, width = 1120, height = 760, pace = 0 }) {
      const context = await browser.newContext({ viewport: { width, height } });
      const page = await context.newPage();
      const complaints = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (line) => {
        if (["error", "warning"].includes(line.type())) complaints.push(line.text());
      });
      await page.goto(`${address}?fake=${fake}&pace=${pace}`);
      await page.waitForSelector("h1");
      return { page, complaints, close: () => context.close() };
    },
    async stop() {
      await browser.close();
      server.close();
    },
  };
}

async function serve(request, response) {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  const file = join(DIST, path === "/" ? "index.html" : path);
  try {
    const body = await readFile(file);
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-security-policy": app.security.csp });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}
