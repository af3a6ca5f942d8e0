import type { Cleaned } from "../parts/clean";
import { nameOf } from "./fields";
import { inRow } from "./format";
import type { Severity, State, Step } from "../wire";

const steps: Record<Step, { name: string; title: string }> = {
  provider: { name: "Choose a provider", title: "Choose a provider" },
  connection: { name: "Set up the connection", title: "Set up the connection" },
  claims: { name: "Map claims", title: "Map claims to roles" },
  test: { name: "Test the sign-in", title: "Test the sign-in" },
  save: { name: "Check and save", title: "Check and save" },
  roll_out: { name: "Roll out", title: "Roll out" },
};

const severity: Record<Severity, string> = {
  error: "Stops",
  warning: "Look",
  note: "Note",
};

const state: Record<State, string> = {
  draft: "Draft",
  tested: "Tested",
  saved: "Saved",
  enforced: "Enforced",
  needs_attention: "Needs attention",
};

const cleaned: Record<Cleaned, string> = {
  space: "space around it",
  breaks: "line breaks",
  unseen: "invisible characters",
  quotes: "quotation marks around it",
};

/** The interface's own words. Findings have theirs in core/words. */
export const en = {
  product: "Latchkey",
  unexpected: {
    what: "Latchkey ran into a fault of its own.",
    do: "What you typed is still here. Try again; if it happens again, start Latchkey anew.",
  },
  refused: { title: "Latchkey could not open its workspaces", again: "Try again" },
  window: {
    title: (page: string, workspace: string) =>
      workspace ? `${page} · ${short(workspace)} · Latchkey` : `${page} · Latchkey`,
  },
  state,
  severity,
  practice: "Practice",
  practiceProvider: "Practice provider",
  unnamed: "Unnamed workspace",
  copy: {
    act: "Copy",
    done: "Copied",
    label: (what: string) => `Copy ${what}`,
    failed: "Nothing was copied. Select the value and copy it with the keyboard.",
  },
  cleaned: {
    note: (kinds: Cleaned[]) =>
      kinds.length === 0
        ? ""
        : `Taken away from what was pasted: ${kinds.map((kind) => cleaned[kind]).join(", ")}.`,
  },
  errors: {
    at: (field: string, what: string) => `${field}: ${what}`,
    title: (count: number) =>
      count === 1 ? "One thing stands in the way" : `${count} things stand in the way`,
  },
  dialog: { close: "Close" },
  steps: {
    label: "Steps",
    of: (place: number) => `Step ${place} of 6`,
    ...steps,
    status: {
      here: "You are here",
      done: "Done",
      tested: "Tested",
      saved: "Saved",
      enforced: "Enforced",
      ready: "Open",
      untested: "Not tested yet",
      unsaved: "Not saved yet",
      stopped: "Needs attention",
      ahead: "Not reached yet",
    },
  },
  frame: {
    home: "All workspaces",
    back: "Back",
    next: "Continue",
    goesTo: (step: string) => `Next: ${step}`,
    kept: "Draft kept",
    taken: "Changed elsewhere, and loaded here",
    keeping: "Keeping the draft",
    notKept: "Not kept yet",
    tryAgain: "Try again",
  },
  standing: {
    provedMark: "Proved",
    proved:
      "A test sign-in has proved these settings. If one of them changes, they are tested again.",
    changedMark: "To be tested again",
    changed: (paths: string[]) =>
      `Changed since the last test sign-in: ${inRow(paths.map(nameOf))}. It proves the settings of then; sign in again with those of now.`,
  },
  conflict: {
    title: "This workspace was changed elsewhere",
    lead: "Another window or the command changed it after you began to type. Nothing was overwritten.",
    differs: "What differs",
    here: "Typed here",
    there: "There now",
    none: "empty",
    same: "Both say the same; only their order of changes differs.",
    taken: "This workspace was changed elsewhere. The newer state stands here now.",
    takeTheirs: "Load the newer state",
    keepTyped: "Keep what is typed here",
  },
};

/** As much of a name as a title has room for. */
function short(name: string): string {
  const letters = [...name.slice(0, 200)];
  return letters.length > 60 ? `${letters.slice(0, 60).join("")}…` : name;
}
