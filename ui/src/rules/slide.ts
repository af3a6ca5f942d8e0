import { tick } from "svelte";

import { firstWhere } from "./order";

/** How far out of sight a rung may be and still be drawn on its way, in pixels. */
const MARGIN = 200;

/**
 * Makes a change to a list and shows where each rung went. What was shifted for the eye while a rung
 * was in the hand is taken away at the same moment, so that nothing jumps.
 */
export async function slide(list: HTMLElement, change: () => void): Promise<void> {
  const held = list.querySelectorAll<HTMLElement>(".held");
  const seen = () => [...new Set([...inSight(list), ...held])];
  const before = new Map(seen().map((rung) => [rung.dataset["rung"], topOf(rung)]));
  change();
  await tick();
  const after = seen();
  for (const rung of after) rung.style.removeProperty("transform");
  list.style.removeProperty("--hand");
  const duration = milliseconds(list);
  if (duration === 0) return;
  // All are measured before the first one moves.
  const ways = after.map((rung) => {
    const top = topOf(rung);
    return [rung, (before.get(rung.dataset["rung"]) ?? top) - top] as const;
  });
  for (const [rung, way] of ways) {
    if (Math.abs(way) < 1) continue;
    const frames = [{ transform: `translateY(${way}px)` }, { transform: "none" }];
    rung.animate?.(frames, { duration, easing: "cubic-bezier(0.2, 0, 0, 1)" });
  }
}

/**
 * The rungs in sight or almost, by their places in the layout: where others go nobody sees, and to ask
 * five hundred takes time.
 */
function inSight(list: HTMLElement): HTMLElement[] {
  const rungs = [...list.querySelectorAll<HTMLElement>("[data-rung]")];
  const { top } = list.getBoundingClientRect();
  const isBehind = (line: number) => (index: number) => top + (rungs[index]?.offsetTop ?? 0) > line;
  const first = firstWhere(rungs.length, isBehind(-MARGIN));
  const last = firstWhere(rungs.length, isBehind(window.innerHeight + MARGIN));
  return rungs.slice(first, last);
}

function topOf(rung: HTMLElement): number {
  return rung.getBoundingClientRect().top;
}

/** How long things move, as the tokens say: not at all where the person wants no motion. */
function milliseconds(element: Element): number {
  const move = getComputedStyle(element).getPropertyValue("--move").trim();
  const value = Number.parseFloat(move) || 0;
  return move.endsWith("ms") ? value : value * 1000;
}
