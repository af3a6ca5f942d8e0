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
