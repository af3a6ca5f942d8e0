import { tick } from "svelte";

/** How far out of sight a rung may be and still be drawn on its way, in pixels. */
const MARGIN = 200;

/**
 * Makes a change to a list and shows where each rung went. What was shifted for the eye while a rung
 * was in the hand is taken away at the same moment, so that nothing jumps.
 */
export async function slide(list: HTMLElement, change: () => void): Promise<void> {
  const rungs = () => [...list.querySelectorAll<HTMLElement>("[data-rung]")];
  const before = new Map(rungs().map((rung) => [rung, rung.getBoundingClientRect().top]));
  /** Of what is out of sight nobody sees where it went. */
  const seen = (top: number) => top > -MARGIN && top < window.innerHeight + MARGIN;
  change();
  await tick();
  for (const rung of rungs()) rung.style.removeProperty("transform");
  list.style.removeProperty("--hand");
  const duration = milliseconds(list);
  if (duration === 0) return;
  for (const rung of rungs()) {
    const from = before.get(rung);
    const to = rung.getBoundingClientRect().top;
    if (from === undefined || !(seen(from) || seen(to))) continue;
    const way = from - to;
    if (Math.abs(way) < 1) continue;
    const frames = [{ transform: `translateY(${way}px)` }, { transform: "none" }];
    rung.animate?.(frames, { duration, easing: "cubic-bezier(0.2, 0, 0, 1)" });
  }
}

/** How long things move, as the tokens say: not at all where the person wants no motion. */
function milliseconds(element: Element): number {
  const move = getComputedStyle(element).getPropertyValue("--move").trim();
  const value = Number.parseFloat(move) || 0;
  return move.endsWith("ms") ? value : value * 1000;
}
