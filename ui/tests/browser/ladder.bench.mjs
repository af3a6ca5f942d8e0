// 500 rules in Chromium: how long frames take while one rule is dragged, and what a move costs.
// `node tests/browser/ladder.bench.mjs`; prints figures and judges nothing.
import { start } from "./page.mjs";

const say = (line) => process.stdout.write(`${line}\n`);

const house = await start();
const { page } = await house.open({ fake: "many" });
const begun = performance.now();
await page.getByRole("navigation").getByRole("button", { name: "Map claims" }).click();
await page.waitForFunction(() => document.querySelectorAll("[data-rung]").length === 500);
say(`step 3 with 500 rules is there after ${Math.round(performance.now() - begun)} ms`);

await frames(page, "at rest", () => page.waitForTimeout(1500));
await frames(page, "dragging over what is in sight", async () => {
  const from = await grip(page, 2);
  await page.mouse.down();
  for (let turn = 0; turn < 4; turn += 1) {
    await page.mouse.move(from.x, from.y + 320, { steps: 60 });
    await page.mouse.move(from.x, from.y, { steps: 60 });
  }
  await page.keyboard.press("Escape");
  await page.mouse.up();
});
await frames(page, "dragging along the edge, which scrolls", async () => {
  const from = await grip(page, 2);
  await page.mouse.down();
  await page.mouse.move(from.x, 650, { steps: 10 });
  await page.waitForTimeout(4000);
  const number = await page.locator(".held .number").textContent();
  say(`  it had reached place ${number}`);
  await page.keyboard.press("Escape");
  await page.mouse.up();
});
await cost(page, "Alt+Down", "Alt+ArrowDown");
await cost(page, "Alt+End", "Alt+End");
await cost(page, "Undo", "Control+z");
await house.stop();

async function grip(page, index) {
  await page.locator("[data-rung]").first().scrollIntoViewIfNeeded();
  // A grip that still slides is not where it was seen.
  const grip = page.locator("[data-grip]").nth(index);
  let { x, y } = await grip.boundingBox();
  for (let before = NaN; y !== before;) {
    before = y;
    await page.waitForTimeout(200);
    ({ x, y } = await grip.boundingBox());
  }
  const at = { x: x + 8, y: y + 8 };
  await page.mouse.move(at.x, at.y);
  return at;
}

/** The time between frames while something is done. */
async function frames(page, what, act) {
  await page.evaluate(() => {
    const times = (window.frames_ = []);
    let before = performance.now();
    const next = (now) => {
      times.push(now - before);
      before = now;
      window.frame_ = requestAnimationFrame(next);
    };
    window.frame_ = requestAnimationFrame(next);
  });
  await act();
  const times = await page.evaluate(() => {
    cancelAnimationFrame(window.frame_);
    return window.frames_.slice(1).sort((a, b) => a - b);
  });
  const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(1);
  say(`${what}: ${times.length} frames, median ${at(0.5)}, 95th ${at(0.95)}, longest ${at(1)} ms`);
}

/** From the key to the frame behind it. */
async function cost(page, what, key) {
  const [name] = await page.locator("[data-rung] [data-act='down']").all();
  await name.focus();
  const times = [];
  for (let turn = 0; turn < 10; turn += 1) {
    await page.evaluate(() => {
      window.pressed_ = new Promise((done) => {
        window.addEventListener(
          "keydown",
          (event) =>
            event.key !== "Alt" &&
            event.key !== "Control" &&
            requestAnimationFrame(() =>
              setTimeout(() => done(performance.now() - event.timeStamp)),
            ),
          { capture: true },
        );
      });
    });
    await page.keyboard.press(key);
    times.push(await page.evaluate(() => window.pressed_));
    await page.waitForTimeout(250);
  }
  times.sort((a, b) => a - b);
  say(
    `${what}: median ${times[5].toFixed(0)} ms from the key to the frame, longest ${times[9].toFixed(0)} ms`,
  );
}
