import type { Act } from "../undo/deeds.svelte";
import { nameOf } from "./fields";
import { inRow } from "./format";

const rules: Record<Extract<Act, { to: "rules" }>["kind"], string> = {
  add: "the new rule",
  change: "the change of a rule",
  copy: "the copy of a rule",
  delete: "the deletion of a rule",
  move: "the move of a rule",
  paste: "the pasted rules",
  mend: "the repair of a rule",
};

const proposed: Record<Extract<Act, { to: "proposed" }>["kind"], string> = {
  write: "what was written of a new rule",
  discard: "the discarding of a new rule",
};

/** The most fields that one sentence names. */
const MOST = 3;

function named(act: Act): string {
  if (act.to === "rules") return rules[act.kind];
  if (act.to === "proposed") return proposed[act.kind];
  const names = [...new Set(act.paths.map(nameOf))];
  if (names.length <= MOST) return `the change of ${inRow(names)}`;
  return `the change of ${names.length} fields`;
}

/** The words of Undo and Redo. */
export const undo = {
  label: "What was done last",
  undo: "Undo",
  redo: "Redo",
  undone: (act: Act) => `Taken back: ${named(act)}.`,
  redone: (act: Act) => `Done again: ${named(act)}.`,
};
