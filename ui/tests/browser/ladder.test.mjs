// The rule ladder under a real pointer: what the hand does, what Escape takes back, and that every
// state in between is accessible and within the content policy.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";

import axe from "axe-core";

import { start } from "./page.mjs";

let house;
before(async () => (house = await start()));
after(() => house.stop());

it("a rung is dragged to its place, and Undo brings it back", async () => {
  const { page, complaints, close } = await ladder();
  await hold(page, 0, 1.4);
  await page.getByText(/^Preview:/).waitFor();
  assert.deepEqual(await numbers(page), ["2", "1", "3"]);
  await accessible(page, "with a rung in the hand");
  await page.mouse.up();
  await order(page, ["Contributor", "Owner", "Viewer"]);
  assert.deepEqual(await shifted(page), []);
  await page.keyboard.press("Control+z");
  await order(page, ["Owner", "Contributor", "Viewer"]);
  assert.deepEqual(complaints, []);
  await close();
});

it("Escape puts the rung back, whatever the hand does then", async () => {
  const { page, complaints, close } = await ladder();
  await hold(page, 2, -2);
  await page.keyboard.press("Escape");
  await page.mouse.move(400, 300);
  await page.mouse.up();
  await order(page, ["Owner", "Contributor", "Viewer"]);
  assert.deepEqual(await shifted(page), []);
  assert.equal(await page.getByText(/^Preview:/).count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

it("the list scrolls along when the hand comes near an edge", async () => {
  const { page, close } = await ladder({ height: 420 });
  for (let more = 0; more < 4; more += 1) {
    await page.getByRole("button", { name: "Duplicate rule 3" }).click();
    await page.getByRole("button", { name: "Done" }).click();
  }
  await page.locator("[data-grip]").first().scrollIntoViewIfNeeded();
  const grip = await page.locator("[data-grip]").first().boundingBox();
  await page.mouse.move(grip.x + 8, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(grip.x + 8, 340, { steps: 6 });
  await page.waitForFunction(
    () => document.querySelector(".held .number")?.textContent === "7",
    null,
    { timeout: 5000 },
  );
  await page.mouse.up();
  await page.getByText("Owner, now 7 of 7").waitFor({ state: "attached" });
  await close();
});

it("Continue stops at a rule that is written and not added", async () => {
  const { page, complaints, close } = await ladder();
  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByRole("textbox", { name: "Claim value" }).fill("Contractors");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.locator("main").getByText("This rule is not added yet").waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent?.includes("Add as rule 4"));
  await accessible(page, "with a rule not added");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Test the sign-in", level: 1 }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

it("the focus stays on the button that moves its rung, to the end and back", async () => {
  const { page, close } = await ladder();
  const button = page.getByRole("button", { name: "Move rule 1 down" });
  await button.focus();
  await page.keyboard.press("Enter");
  await order(page, ["Contributor", "Owner", "Viewer"]);
  await page.keyboard.press("Enter");
  await order(page, ["Contributor", "Viewer", "Owner"]);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Alt+Home");
  await order(page, ["Owner", "Contributor", "Viewer"]);
  const focused = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  assert.equal(focused, "Move rule 1 down");
  await close();
});

it("editing, a near miss and a running sign-in are accessible", async () => {
  const { page, complaints, close } = await ladder({ pace: 700 });
  await page.getByRole("button", { name: "Edit rule 2" }).click();
  await page.getByLabel("Claim value").fill("secops");
  await accessible(page, "editing");
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Change rule 2 to SecOps" }).waitFor();
  await accessible(page, "with a near miss");
  await page.getByRole("navigation").getByRole("button", { name: "Test the sign-in" }).click();
  await page.getByRole("button", { name: "Start test sign-in" }).click();
  await page.getByRole("button", { name: "Cancel" }).waitFor();
  await accessible(page, "running");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("The test sign-in was cancelled.").waitFor();
  await accessible(page, "cancelled");
  assert.deepEqual(complaints, []);
  await close();
});

async function ladder(options = {}) {
  const opened = await house.open({ fake: "tested", ...options });
  const { page } = opened;
  await page.getByRole("navigation").getByRole("button", { name: "Map claims" }).click();
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  return opened;
}

/** Takes a rung by its grip and carries it so many rungs far. */
async function hold(page, index, rungs) {
  const grip = await page.locator("[data-grip]").nth(index).boundingBox();
  const { height } = await page.locator("[data-rung]").nth(index).boundingBox();
  await page.mouse.move(grip.x + 8, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(grip.x + 10, grip.y + 8 + height * rungs, { steps: 8 });
}

const numbers = (page) => page.locator("[data-rung] .number").allTextContents();

async function order(page, roles) {
  await page.waitForFunction(
    (wanted) => {
      const found = [...document.querySelectorAll("[data-rung] .role")];
      return found.map((role) => role.textContent).join() === wanted;
    },
    roles.join(),
    { timeout: 5000 },
  );
}

/** Rungs that are still shifted for the eye. */
function shifted(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("[data-rung]")]
      .map((rung) => rung.style.transform)
      .filter((transform) => transform !== ""),
  );
}

async function accessible(page, where) {
  await page.evaluate(`window.axe ?? (() => { ${axe.source} })()`);
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map(({ id, nodes }) => `${id} at ${nodes.map((n) => n.target)}`);
  });
  assert.deepEqual(violations, [], `${where}: ${violations.join("; ")}`);
}
