import { tick } from "svelte";
import { afterEach, expect, it, vi } from "vitest";

import { holdFocused } from "./focus";

afterEach(() => document.body.replaceChildren());

/** A field with the focus in a part that scrolls, standing at these heights at each look. */
function field(...tops: number[]) {
  const scroller = document.createElement("div");
  scroller.style.overflowY = "auto";
  Object.defineProperty(scroller, "scrollHeight", { value: 900 });
  Object.defineProperty(scroller, "clientHeight", { value: 600 });
  scroller.scrollBy = vi.fn();
  const input = document.createElement("input");
  scroller.append(input);
  document.body.append(scroller);
  input.focus();
  vi.spyOn(input, "getBoundingClientRect").mockImplementation(
    () => new DOMRect(0, tops.shift() ?? 0, 100, 30),
  );
  return { scroller, input };
}

it("what has the focus is scrolled back to where it was when something came in above it", async () => {
  const { scroller } = field(200, 480);
  await holdFocused();
  expect(scroller.scrollBy).toHaveBeenCalledExactlyOnceWith(0, 280);
});

it("nothing scrolls where nothing moved", async () => {
  const { scroller } = field(200, 200);
  await holdFocused();
  expect(scroller.scrollBy).not.toHaveBeenCalled();
});

it("nothing scrolls for a field that is gone by then", async () => {
  const { scroller, input } = field(200, 0);
  const held = holdFocused();
  input.remove();
  await Promise.all([held, tick()]);
  expect(scroller.scrollBy).not.toHaveBeenCalled();
});
