// The whole journey, from an empty home to a saved revision, with nothing but the keyboard: Tab,
// Shift+Tab, Enter, Space, arrows and typing.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";

import { start } from "./page.mjs";

/** Presses of Tab after which a control counts as out of reach. */
const REACH = 60;

let house;
before(async () => (house = await start()));
after(() => house.stop());

it("a workspace is set up, tested and saved by keyboard alone", async () => {
  const { page, complaints, close } = await house.open({ fake: "empty" });
  const { keyboard } = page;
  const step = (title) => headingHasFocus(page, title);

  await press(page, "New workspace");
  await step("Choose a provider");
  await write(page, "Workspace name", "Acme");
  await tabTo(page, "United States");
  await keyboard.press("Space");
  await write(page, "Owner's e-mail", "olivia@acme.example");
  await tabTo(page, "Okta");
  await keyboard.press("Space");
  await keyboard.press("Enter");

  await step("Set up the connection");
  await press(page, "Continue");
  await page.waitForFunction(() => document.activeElement?.tagName === "SECTION");
  await press(page, "Client ID: ");
  await focusIsOn(page, "Client ID");
  await keyboard.type("0oa1b2c3d4E5F6g7H8i9");
  await tabTo(page, "Issuer URL", "Shift+Tab");
  await keyboard.type("https://acme.okta.com/");
  await press(page, "Use https://acme.okta.com");
  await page.getByText("acme.okta.com says about itself").waitFor();
  await write(page, "Client secret", "a secret of nobody");
  await press(page, "Continue");

  await step("Map claims to roles");
  await press(page, "Add as rule 1");
  await press(page, "Continue");

  await step("Test the sign-in");
  await press(page, "Start test sign-in");
  await page.waitForFunction(() => document.activeElement?.id === "result-title");
  await press(page, "Continue");

  await step("Check and save");
  await press(page, "Save revision 1");
  await page.getByRole("banner").getByText("Saved", { exact: true }).first().waitFor();

  assert.deepEqual(complaints, []);
  await close();
});

it("step 2 of SAML is filled in by keyboard alone, by metadata and by hand", async () => {
  const { page, complaints, close } = await house.open({ fake: "saml" });
  const { keyboard } = page;
  await press(page, "Continue");
  await page.waitForFunction(() => document.activeElement?.tagName === "SECTION");
  await press(page, "Sign-On URL: ");
  await focusIsOn(page, "Name of your app");
  await keyboard.type("acme");
  await press(page, "Use JumpCloud");
  await focusIsOn(page, "Issuer URL");
  await tabTo(page, "Metadata", "Shift+Tab");
  await keyboard.type("https://idp.acme.example/metadata");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "It says something else than the form" }).waitFor();
  await press(page, "Take over what the metadata says");
  await page.getByText("Certificate 1").waitFor();
  await press(page, "Enter another: Issuer URL");
  await focusIsOn(page, "Issuer URL");
  await press(page, "Remove certificate 1");
  await focusIsOn(page, "Put it back");
  await keyboard.press("Enter");
  await focusIsOn(page, "Another certificate as text");
  await press(page, "Continue");
  await headingHasFocus(page, "Map claims to roles");
  assert.deepEqual(complaints, []);
  await close();
});

it("a step of the rail and the way home are within reach", async () => {
  const { page, close } = await house.open({ fake: "tested" });
  await press(page, "Map claims");
  await headingHasFocus(page, "Map claims to roles");
  await press(page, "All workspaces", "Shift+Tab");
  await headingHasFocus(page, "Workspaces");
  await press(page, "Delete Acme");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await focusIsOn(page, "Delete Acme");
  await close();
});

async function write(page, label, text) {
  await tabTo(page, label);
  await page.keyboard.type(text);
}

async function press(page, name, key = "Tab") {
  await tabTo(page, name, key);
  await page.keyboard.press("Enter");
}

/** Moves the focus until it stands on the control whose name begins so. */
async function tabTo(page, name, key = "Tab") {
  const passed = [];
  for (let presses = 0; presses < REACH; presses += 1) {
    await page.keyboard.press(key);
    const now = await nameInFocus(page);
    if (now.startsWith(name)) return;
    passed.push(now);
  }
  assert.fail(`${key} never came to ${name}; it passed ${passed.join(" | ")}`);
}

async function focusIsOn(page, name) {
  assert.ok(
    (await nameInFocus(page)).startsWith(name),
    `the focus is on ${await nameInFocus(page)}`,
  );
}

async function headingHasFocus(page, title) {
  await page.waitForFunction(
    (text) =>
      document.activeElement?.tagName === "H1" && document.activeElement.textContent === text,
    title,
  );
}

function nameInFocus(page) {
  return page.evaluate(() => {
    const here = document.activeElement;
    const label = here.getAttribute("aria-label") ?? here.labels?.[0]?.textContent;
    return (label ?? here.textContent ?? "").trim().replace(/\s+/g, " ");
  });
}
