// Every step in every state of the fake host, in both themes and at three sizes: no accessibility
// violation, no horizontal scroll, no second vertical one, nothing that the content policy refuses.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import axe from "axe-core";

import { start } from "./page.mjs";

const SCENARIOS = ["empty", "midway", "tested", "saved", "enforced", "failing", "saml"];
const SIZES = [
  [1120, 760],
  [880, 600],
  [400, 800],
];
const STEPS = [
  "Choose a provider",
  "Set up the connection",
  "Map claims",
  "Test the sign-in",
  "Check and save",
  "Roll out",
];

let house;
before(async () => (house = await start()));
after(() => house.stop());

for (const [width, height] of SIZES) {
  describe(`at ${width} x ${height}`, () => {
    for (const fake of SCENARIOS) {
      it(`${fake}: every page holds`, async () => {
        const { page, complaints, close } = await house.open({ fake, width, height });
        for (const visit of visits(fake)) {
          const name = await visit(page);
          if (name) await holds(page, `${fake}, ${name}`);
        }
        assert.deepEqual(complaints, []);
        await close();
      });
    }
  });
}

it("a start that is refused says why", async () => {
  const { page, complaints, close } = await house.open({ fake: "refused" });
  await holds(page, "refused");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  assert.deepEqual(complaints, []);
  await close();
});

for (const [width, height] of SIZES) {
  it(`what came out of a damaged database is told and put away at ${width} x ${height}`, async () => {
    const { page, complaints, close } = await house.open({ fake: "salvaged", width, height });
    await holds(page, "salvaged");
    await page.getByRole("button", { name: "I have read this" }).click();
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    assert.equal(await page.getByText("was damaged").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}

it("a page with a fault is found out", async () => {
  const { page, close } = await house.open({ fake: "empty" });
  await page.evaluate(() =>
    document.querySelector("main").append(document.createElement("button")),
  );
  await assert.rejects(holds(page, "with a button without a name"), /button-name/);
  await page.reload();
  await page.waitForSelector("h1");
  await page.evaluate(() => {
    const wide = document.createElement("p");
    wide.textContent = "x".repeat(2000);
    document.querySelector("main").append(wide);
  });
  await assert.rejects(holds(page, "with a line that is too long"), /wider than/);
  await page.reload();
  await page.waitForSelector("h1");
  await page.getByRole("button", { name: "Try it with the practice provider" }).click();
  await page.waitForSelector(".frame");
  await page.evaluate(() => {
    const deep = document.createElement("p");
    Object.assign(deep.style, { position: "absolute", top: "0", width: "1px", height: "3000px" });
    document.body.append(deep);
  });
  await assert.rejects(holds(page, "with a page below the page"), /below the window/);
  await close();
});

/** What to do before each look: each visit leads somewhere, or says that there is nothing. */
function visits(fake) {
  if (fake === "empty") {
    return [stay("home"), practice, ...STEPS.map(step), fresh, refused, described];
  }
  if (fake === "saml") return SAML;
  return [
    stay("as it opens"),
    ...STEPS.flatMap((name) => [step(name), unfolded(name)]),
    ...(fake === "tested" ? PEOPLE : []),
    ...(fake === "saved" ? [...ENFORCE, ...TROUBLE] : []),
    ...(fake === "enforced" ? [...ELSEWHERE, ...CHANGED] : []),
    past,
    ...(fake === "enforced" ? RESTORE : []),
    home,
    ...(fake === "enforced" ? WHOLE : []),
    asked,
  ];
}

const stay = (name) => async () => name;

async function practice(page) {
  await page.getByRole("button", { name: "Try it with the practice provider" }).click();
  return "practice";
}

async function past(page) {
  await page.getByRole("button", { name: "History" }).first().click();
  await page.getByRole("heading", { name: "Revisions" }).waitFor();
  return "history";
}

function step(name) {
  return async (page) => {
    const link = page.getByRole("navigation").getByRole("button", { name });
    if ((await link.count()) === 0) return null;
    await link.click();
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    return name;
  };
}

/** Step 2 of SAML in each of its states, then a workspace that was tested with SAML. */
const SAML = [
  stay("SAML as it opens"),
  unfolded("Set up the connection"),
  pastes("Issuer URL", "https://sso.jumpcloud.com/saml2/acme", "Move it to Sign-On URL"),
  pastes(
    "Paste anything",
    "Client ID: 0oa1b2c3\nPage: https://a.example/saml2/x",
    "What was found",
  ),
  metadata("https://federation.example/all.xml", "Search"),
  metadata("https://idp.acme.example/metadata", "Read from idp.acme.example"),
  async (page) => {
    await page.getByRole("button", { name: "Read again" }).click();
    await page.getByRole("button", { name: "Take over" }).click();
    await page.getByText("Certificate 2").waitFor();
    return "with two certificates";
  },
  pastes("Another certificate as text", "-----BEGIN PRIVATE KEY-----", "This is a private key"),
  unfolded("Set up the connection"),
  async (page) => {
    await page.getByRole("button", { name: "Make a key pair" }).click();
    await page.getByRole("button", { name: "Forget the key pair" }).click();
    await page.getByRole("dialog").waitFor();
    return "asked before the key pair is forgotten";
  },
  async (page) => {
    await page.getByRole("button", { name: "Keep it" }).click();
    await home(page);
    await page.getByRole("button", { name: "Acme Labs" }).first().click();
    await page.getByRole("heading", { name: "Check and save" }).waitFor();
    return "SAML tested";
  },
  ...STEPS.flatMap((name) => [step(name), unfolded(name)]),
];

/** Bringing people in, and what is seen of them then. */
const PEOPLE = [
  step("Map claims"),
  async (page) => {
    await page.getByRole("button", { name: "Bring in people" }).click();
    await page.getByRole("dialog").waitFor();
    return "people: where from";
  },
  async (page) => {
    await page.getByRole("radio", { name: "A SCIM 2.0 server" }).check();
    await page.getByRole("textbox", { name: "Address" }).fill("https://acme.example/scim/v2");
    await page.getByRole("textbox", { name: "Token" }).fill("a-token");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Go on" }).waitFor();
    return "people: a server stopped";
  },
  async (page) => {
    await page.getByRole("button", { name: "Leave them" }).click();
    await page.getByRole("radio", { name: "A file" }).check();
    await page.getByRole("button", { name: "Choose a file" }).click();
    await page.getByRole("table", { name: "How many get each role" }).waitFor();
    return "people: counted";
  },
  async (page) => {
    await page.getByText("How the file was read").click();
    await page.getByRole("button", { name: "Read again" }).waitFor();
    return "people: how the file was read";
  },
  async (page) => {
    await page.getByRole("button", { name: "Edit rule 2" }).click();
    await page.getByLabel("Claim value").fill("S");
    await page.getByRole("button", { name: "Staff seen on 240 people" }).waitFor();
    return "people: groups offered";
  },
  async (page) => {
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Look somebody up" }).click();
    await page.getByText("1 to 50 of 240").waitFor();
    return "people: listed";
  },
  async (page) => {
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    return step("Roll out")(page);
  },
];

/** The dialog before enforcing, with what it refuses. The page behind it is seen before and after. */
const ENFORCE = [
  step("Roll out"),
  async (page) => {
    await page.getByRole("button", { name: "Enforce for Acme Research" }).click();
    await page.getByRole("dialog").waitFor();
    return "asked before enforcing";
  },
  async (page) => {
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Workspace name" }).fill("Acme");
    await dialog.getByRole("button", { name: "Enforce for Acme Research" }).click();
    await dialog.getByText("is missing or too short").waitFor();
    return "refused before enforcing";
  },
  async (page) => {
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Why" }).fill("The backup account comes on Monday.");
    await dialog.getByRole("textbox", { name: "Workspace name" }).fill("Acme Research");
    await page.keyboard.press("Enter");
    await page
      .getByRole("heading", { name: "Single sign-on is declared the only way in" })
      .waitFor();
    return "enforced with a reason";
  },
];

/** A second person on their own computer. */
const ELSEWHERE = [
  step("Test the sign-in"),
  async (page) => {
    await page.getByRole("radio", { name: "Elsewhere" }).check();
    await page.getByRole("textbox", { name: "Answer" }).waitFor();
    return "elsewhere";
  },
  async (page) => {
    await page.getByRole("button", { name: "Check the answer" }).click();
    await page.getByText("Nothing was brought.").first().waitFor();
    return "elsewhere, with nothing brought";
  },
];

/** After a change that voids the proof, in the conditions and in the history. */
const CHANGED = [
  async (page) => {
    await step("Choose a provider")(page);
    await page.getByRole("radio", { name: "Europe" }).check();
    await step("Roll out")(page);
    await page.getByText("Changed since the latest test: Region.").first().waitFor();
    return "another region than the one that was proved";
  },
];

/** The dialog before an older revision is restored. */
const RESTORE = [
  async (page) => {
    await page.getByRole("button", { name: "Restore revision 1" }).click();
    await page.getByRole("dialog").waitFor();
    return "asked before restoring";
  },
  async (page) => {
    await page.getByRole("button", { name: "Not now" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    return null;
  },
];

/** The dialog before a whole workspace is imported. */
const WHOLE = [
  async (page) => {
    await page.getByRole("button", { name: "Import a whole workspace" }).click();
    await page.getByRole("dialog").waitFor();
    return "asked before importing";
  },
  async (page) => {
    await page.getByRole("button", { name: "Not now" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    return null;
  },
];

/** The pages for a sign-in that does not work, there and back. */
const TROUBLE = [
  async (page) => {
    await page.getByRole("button", { name: "Troubleshoot" }).click();
    await page.getByRole("button", { name: "Incorrect email" }).waitFor();
    return "troubleshoot";
  },
  async (page) => {
    await page.getByRole("button", { name: "Incorrect email" }).click();
    await page.getByRole("button", { name: "Ask again" }).waitFor();
    await page.evaluate(() => (document.querySelector("details").open = true));
    return "a symptom";
  },
  async (page) => {
    await page.getByRole("radio", { name: "One person" }).check();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("alert").waitFor();
    return "a question without an answer";
  },
  async (page) => {
    await page.getByRole("button", { name: "Leave it out" }).click();
    await page.getByRole("radio", { name: "It works there" }).check();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("heading", { name: "The cause" }).waitFor();
    return "the cause";
  },
  async (page) => {
    await page.getByRole("button", { name: "All ways to look" }).click();
    await page.getByRole("button", { name: "Paste what is shown" }).click();
    await page.getByRole("textbox").fill("SAMLResponse");
    await page.getByRole("button", { name: "Name the cause" }).click();
    await page.getByRole("heading", { name: "What it shows" }).waitFor();
    return "a pasted error";
  },
  async (page) => {
    await page.getByRole("button", { name: "All ways to look" }).click();
    await page.getByRole("button", { name: "Open a HAR file" }).click();
    await page.getByRole("button", { name: "Choose a HAR file" }).click();
    await page.getByText("Here it broke").waitFor();
    return "a recording";
  },
  async (page) => {
    await page.getByRole("button", { name: "Make a support bundle" }).click();
    await page.getByRole("checkbox", { name: "Add acme.har" }).waitFor();
    return "a bundle for support";
  },
  async (page) => {
    await page.getByRole("button", { name: "Show what will be in it" }).click();
    await page.getByRole("button", { name: "Save as zip" }).waitFor();
    await page.evaluate(() => {
      for (const one of document.querySelectorAll("details")) one.open = true;
    });
    return "what is in a bundle";
  },
  async (page) => {
    await page.getByRole("button", { name: "All ways to look" }).click();
    await page.getByRole("button", { name: "What changed" }).click();
    await page.getByRole("button", { name: "Ask again" }).waitFor();
    return "what changed";
  },
  async (page) => {
    await page.getByRole("button", { name: "All ways to look" }).click();
    await page.getByRole("button", { name: "Practice school" }).click();
    await page.getByText("saml-http-500").waitFor();
    return "practice school";
  },
  async (page) => {
    await page.getByRole("button", { name: "All ways to look" }).click();
    await page.getByRole("button", { name: "Back to the workspace" }).click();
    await page.getByRole("navigation").waitFor();
    return null;
  },
];

function pastes(label, text, shows) {
  return async (page) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("textbox", { name: label, exact: true }).focus();
    await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
    await page.keyboard.press("Control+V");
    await page
      .getByText(shows)
      .or(page.getByRole("list", { name: shows }))
      .first()
      .waitFor();
    return `with "${shows}"`;
  };
}

function metadata(address, shows) {
  return async (page) => {
    await page.getByRole("textbox", { name: "Metadata", exact: true }).fill(address);
    await page.keyboard.press("Enter");
    await page.getByText(shows).first().waitFor();
    return `with metadata: ${shows}`;
  };
}

async function described(page) {
  await page.getByRole("combobox", { name: "Service" }).selectOption({ label: "Another service…" });
  await page.getByRole("textbox", { name: "Name of the service" }).waitFor();
  return "a service that is described";
}

/** Everything that can be opened is open, and the step's findings show. */
function unfolded(name) {
  return async (page) => {
    const here = page.locator('[aria-current="step"]', { hasText: name });
    if ((await here.count()) === 0) return null;
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    return `${name}, unfolded`;
  };
}

async function home(page) {
  await page.getByRole("button", { name: "All workspaces" }).click();
  await page.getByRole("heading", { name: "Workspaces" }).waitFor();
  return "home";
}

async function asked(page) {
  await page.getByRole("button", { name: "Delete" }).first().click();
  await page.getByRole("dialog").waitFor();
  return "asked before deleting";
}

async function fresh(page) {
  await home(page);
  await page.getByRole("button", { name: "New workspace" }).click();
  return "new workspace";
}

async function refused(page) {
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("region", { name: "stand in the way" }).waitFor();
  return "with an error summary";
}

/** No violation in either theme, and nothing wider than the window. */
async function holds(page, where) {
  await page.evaluate(() => document.fonts.ready);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const violations = await look(page);
    assert.deepEqual(violations, [], `${where}, ${colorScheme}: ${violations.join("; ")}`);
  }
  const wide = await page.evaluate(tooWide);
  assert.deepEqual(wide, [], `${where}: wider than the window: ${wide.join("; ")}`);
  const beyond = await page.evaluate(below);
  assert.equal(beyond, 0, `${where}: the page goes on below the window, by ${beyond} px`);
}

async function look(page) {
  // As a text it comes through the browser's own door, which the content policy leaves open.
  await page.evaluate(`window.axe ?? (() => { ${axe.source} })()`);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id} at ${nodes.map((n) => n.target).join(", ")}`);
  });
}

function tooWide() {
  const scrollers = [document.documentElement, ...document.querySelectorAll("main, aside, dialog")];
  return scrollers
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => `${one.tagName} ${one.scrollWidth} > ${one.clientWidth}`);
}

/** How far the page can be scrolled past a frame that fills the window, and scrolls within. */
function below() {
  const frame = document.querySelector(".frame");
  if (!frame || frame.clientHeight > window.innerHeight) return 0;
  return document.documentElement.scrollHeight - window.innerHeight;
}
