import { tick } from "svelte";

import type { OpenDesk } from "../desk.svelte";
import { idOf } from "../steps";
import type { Step } from "../wire";

/** Goes to one field of another step, from where Continue comes straight back. */
export async function visit(desk: OpenDesk, step: Step, path: string | null): Promise<void> {
  await desk.change(step);
  await tick();
  const control = path === null ? null : document.getElementById(idOf(path));
  if (!control) return;
  // What is folded away cannot take the focus.
  control.closest("details")?.setAttribute("open", "");
  control.focus();
  control.scrollIntoView({ block: "center" });
}
