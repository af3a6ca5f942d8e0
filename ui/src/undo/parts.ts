import { matched } from "../rules/order";
import { stepOf } from "../steps";
import type { Draft, Rule, Step } from "../wire";
import type { Act, Deed, Parts } from "./deeds.svelte";

/** Beside the fields of the set-up: what the person makes, and no state of the program. */
const BESIDE = ["proposed", "backup_account"] as const;

/** What can be undone of a draft. */
export function partsOf(draft: Draft): Parts {
  const parts: Record<string, string> = {};
  for (const [name, value] of Object.entries(draft.set_up)) parts[`set_up.${name}`] = textOf(value);
  for (const name of BESIDE) parts[name] = textOf(draft[name]);
  return parts;
}

/** Writes parts into a draft. Rules that are there already stay the same objects, wherever they stand then. */
export function writeParts(draft: Draft, parts: Parts): void {
  for (const [part, text] of Object.entries(parts)) {
    const name = part.replace("set_up.", "");
    const owner: Record<string, unknown> = part === name ? draft : draft.set_up;
    if (text === "") delete owner[name];
    else if (name === "rules") writeRules(draft, JSON.parse(text) as Rule[]);
    else owner[name] = JSON.parse(text);
  }
}

/** What was done, by the fields that changed. One field that is typed in is one act. */
export function deedOf(before: Parts, after: Parts): Deed {
  const changed = Object.keys(after).filter((part) => before[part] !== after[part]);
  const paths = changed.flatMap((part) => pathsIn(part, before[part] ?? "", after[part] ?? ""));
  return { act: { to: "fields", paths }, run: paths.join() };
}

/** The step on which it was done. */
export function stepOfAct(act: Act): Step {
  if (act.to !== "fields") return "claims";
  const [path = ""] = act.paths;
  return path === "backup_account" ? "roll_out" : (stepOf(path) ?? "provider");
}

function pathsIn(part: string, before: string, after: string): string[] {
  const name = part.replace("set_up.", "");
  if (!before.startsWith("{") || !after.startsWith("{")) return [name];
  const [was, is] = [before, after].map((text) => JSON.parse(text) as Record<string, unknown>);
  return Object.keys({ ...was, ...is })
    .filter((field) => textOf(was?.[field]) !== textOf(is?.[field]))
    .map((field) => `${name}.${field}`);
}

function writeRules(draft: Draft, then: Rule[]): void {
  const now = draft.set_up.rules ?? [];
  draft.set_up.rules = matched(now, then).map((place, index) => {
    const rule = then[index] as Rule;
    const kept = place === null ? undefined : now[place];
    return kept ? Object.assign(kept, rule) : rule;
  });
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
