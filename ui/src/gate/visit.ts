import type { OpenDesk } from "../desk.svelte";
import { focusOn } from "../focus";
import type { Step } from "../wire";

/** Goes to one field of another step, from where Continue comes straight back. */
export async function visit(desk: OpenDesk, step: Step, path: string | null): Promise<void> {
  await desk.change(step);
  if (path !== null) await focusOn(path);
}
