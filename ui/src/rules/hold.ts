import type { Attachment } from "svelte/attachments";

import { landing } from "./order";

/** A rung in the hand: where it was and where it would land, counted from 0. */
export type Held = { from: number; to: number };

type Options = {
  /** A hand is on the rung at this place: it may be taken up in a moment. */
  onpress: (index: number) => void;
  onhold: (held: Held | null) => void;
  ondrop: (held: Held) => void;
  oncancel: () => void;
};

/** Pixels before a press becomes a drag. */
const SLOP = 4;
/** Pixels from the edge of the scrolled area within which it scrolls, and the most per frame. */
const EDGE = 56;
const FASTEST = 14;
/** The longer the hand stays there, the faster, up to so many times, after so many frames. */
const HASTE = 8;
const HASTENING = 120;

/**
 * Lets rungs (`[data-rung]`) be dragged by their grips (`[data-grip]`), with pointer events alone.
 * Where the rung would land is written to the list as lengths for its style sheet: `--hand`, the
 * room that it takes. Escape puts it back.
 */
export function holdable({ onpress, ...on }: Options): Attachment<HTMLElement> {
  return (list) => {
    let end: ((drop: boolean) => void) | null = null;

    const press = (event: PointerEvent) => {
      const grip = event.target instanceof Element ? event.target.closest("[data-grip]") : null;
      const rung = grip?.closest<HTMLElement>("[data-rung]");
      if (!(grip instanceof HTMLElement) || !rung || event.button !== 0 || end) return;
      // No text is selected, no focus is moved.
      event.preventDefault();
      end = follow(list, rung, grip, event, on, () => (end = null));
      onpress(Number(rung.dataset["index"]));
    };

    list.addEventListener("pointerdown", press);
    return () => {
      list.removeEventListener("pointerdown", press);
      end?.(false);
    };
  };
}

function follow(
  list: HTMLElement,
  rung: HTMLElement,
  grip: HTMLElement,
  start: PointerEvent,
  { onhold, ondrop, oncancel }: Omit<Options, "onpress">,
  ended: () => void,
): (drop: boolean) => void {
  const rungs = [...list.querySelectorAll<HTMLElement>("[data-rung]")];
  const from = rungs.indexOf(rung);
  const area = scrolled(list);
  const scrollFrom = area.scrollTop;
  // Neither changes while something is in the hand.
  const { top, bottom } = edges(area);
  const height = rung.offsetHeight;
  let held: Held | null = null;
  let y = start.clientY;
  let frame = 0;
  let atEdge = 0;

  const place = () => {
    const travel = y - start.clientY + area.scrollTop - scrollFrom;
    if (!held && Math.abs(travel) < SLOP) return;
    // Layout, which knows nothing of what is only shifted for the eye. All is read before anything is written.
    const middle = rung.offsetTop + height / 2 + travel;
    const to = landing(rungs, from, held?.to ?? from, middle);
    if (!held) list.style.setProperty("--hand", `${height}px`);
    rung.style.setProperty("transform", `translateY(${travel}px)`);
    if (held?.to === to) return;
    held = { from, to };
    onhold(held);
  };

  /** How far beyond the edges the hand is: upwards below 0; 0 between them. */
  const beyond = () => Math.max(0, y - (bottom - EDGE)) - Math.max(0, top + EDGE - y);

  const scroll = () => {
    frame = 0;
    const way = held ? beyond() : 0;
    if (way === 0) {
      atEdge = 0;
      return;
    }
    atEdge += 1;
    const haste = 1 + (HASTE - 1) * Math.min(1, atEdge / HASTENING);
    area.scrollTop += (Math.sign(way) * Math.min(FASTEST, Math.abs(way)) * haste) / 2;
    place();
    frame = requestAnimationFrame(scroll);
  };

  const move = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return;
    y = event.clientY;
    place();
    // Between the edges no frame is asked for: what is in the hand follows without, and a page with nothing to draw is quick.
    if (frame === 0 && held && beyond() !== 0) frame = requestAnimationFrame(scroll);
  };
  const finish = (drop: boolean) => {
    cancelAnimationFrame(frame);
    for (const [name, listener] of listeners) window.removeEventListener(name, listener, true);
    if (grip.hasPointerCapture?.(start.pointerId)) grip.releasePointerCapture(start.pointerId);
    ended();
    if (!held) return;
    if (drop && held.to !== held.from) ondrop(held);
    else oncancel();
    onhold(null);
  };
  const release = (event: PointerEvent) => {
    if (event.pointerId === start.pointerId) finish(true);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    finish(false);
  };
  const listeners: [string, EventListener][] = [
    ["pointermove", move as EventListener],
    ["pointerup", release as EventListener],
    ["pointercancel", () => finish(false)],
    ["keydown", key as EventListener],
    ["blur", (event) => event.target === window && finish(false)],
  ];
  for (const [name, listener] of listeners) window.addEventListener(name, listener, true);
  grip.setPointerCapture?.(start.pointerId);
  return finish;
}

/** The nearest area around that scrolls; the page if none does. */
function scrolled(element: HTMLElement): Element {
  for (let around = element.parentElement; around; around = around.parentElement) {
    const { overflowY } = getComputedStyle(around);
    if (/auto|scroll/.test(overflowY) && around.scrollHeight > around.clientHeight) return around;
  }
  return document.scrollingElement ?? document.documentElement;
}

function edges(area: Element): { top: number; bottom: number } {
  if (area === document.scrollingElement) return { top: 0, bottom: window.innerHeight };
  return area.getBoundingClientRect();
}
