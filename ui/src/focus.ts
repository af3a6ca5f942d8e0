import { tick } from "svelte";

import { idOf } from "./steps";

/** Moves the focus to the control of a field, and brings it into sight. */
export async function focusOn(path: string): Promise<void> {
  await tick();
  // One field may hold a whole list, such as the scopes.
  const list = path.replace(/\[\d+\]$/, "");
  const control = document.getElementById(idOf(path)) ?? document.getElementById(idOf(list));
  if (!control) return;
  // What is folded away cannot take the focus.
  control.closest("details")?.setAttribute("open", "");
  control.focus();
  control.scrollIntoView({ block: "center" });
}

/** Leaves what has the focus where it is on the screen while something comes in above it. */
export async function holdFocused(): Promise<void> {
  const held = document.activeElement;
  if (!held) return;
  const before = held.getBoundingClientRect().top;
  await tick();
  const moved = held.getBoundingClientRect().top - before;
  if (held.isConnected && moved !== 0) scrollerOf(held)?.scrollBy(0, moved);
}

function scrollerOf(element: Element): Element | null {
  let one = element.parentElement;
  while (one && !(one.scrollHeight > one.clientHeight && scrolls(one))) one = one.parentElement;
  return one ?? document.scrollingElement;
}

function scrolls(element: Element): boolean {
  return ["auto", "scroll"].includes(getComputedStyle(element).overflowY);
}
