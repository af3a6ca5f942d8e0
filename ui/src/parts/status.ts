import type { OpenDesk } from "../desk.svelte";
import { placeOf } from "../steps";
import type { Step } from "../wire";

/** How far a step is, as the rail says it. */
export type Status =
  | "here"
  | "done"
  | "tested"
  | "saved"
  | "enforced"
  | "ready"
  | "untested"
  | "unsaved"
  | "stopped"
  | "ahead";

/** How far a step is. Having been there is not enough: only what holds counts as done. */
export function statusOf(desk: OpenDesk, step: Step): Status {
  if (step === desk.step && desk.beside === null) return "here";
  if (placeOf(step) > placeOf(desk.draft.reached)) return "ahead";
  if (step === "test") return isTested(desk) ? "tested" : "untested";
  if (step === "save") return isSaved(desk) ? "saved" : "unsaved";
  if (step === "roll_out" && desk.kept.state === "enforced") return "enforced";
  if (desk.errorsOf(step).length > 0) return "stopped";
  return step === "roll_out" || step === desk.draft.reached ? "ready" : "done";
}

function isTested(desk: OpenDesk): boolean {
  return desk.kept.gate.conditions.some(({ condition, met }) => condition === "tested" && met);
}

function isSaved({ kept }: OpenDesk): boolean {
  return kept.revision !== null && !kept.unsaved;
}
