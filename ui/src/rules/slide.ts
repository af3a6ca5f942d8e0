import { tick } from "svelte";

/**
 * Makes a change to a list and shows where each rung went. What was shifted for the eye while a rung
 * was in the hand is taken away at the same moment, so that nothing jumps.
 */
export async function slide(list: HTMLElement, change: () => void): Promise<void> {
  const rungs = () => [...list.querySelectorAll<HTMLElement>("[data-rung]")];
  const before = new Map(rungs().map((rung) => [rung, rung.getBoundingClientRect().top]));
  change();
  await tick();
  for (const rung of rungs()) rung.style.removeProperty("transform");
  list.style.removeProperty("--hand");
  const duration = milliseconds(list);
  if (duration === 0) return;
  for (const rung of rungs()) {
    const from = before.get(rung);
    const way = from === undefined ? 0 : from - rung.getBoundingClientRect().top;
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
