import { SvelteMap } from "svelte/reactivity";

import { announce } from "../announce.svelte";
import type { OpenDesk } from "../desk.svelte";
import type { Host } from "../host";
import type { Told } from "../wire";
import { paste } from "../words/paste";
import { hasPlace, mayMoveTo, pathOf, putAt, standsAt } from "./place";

/** What is said under a field about the value that was pasted into it. */
export type Note = {
  told: Told | null;
  /** The field to which it belongs, where the form has it. */
  to: string | null;
  value: string;
  /** What stood in the field before. */
  before: string;
  /** Whether it was kept out of the field. */
  refused: boolean;
};

/** The longest text that a field of one line takes from the clipboard. */
const LONGEST = 2_000;

const SECRET = "connection.client_secret";

/** The first line of a key or a certificate, whatever became of its dashes. */
const ARMOUR = /-----BEGIN|BEGIN [A-Z0-9 ]*(PRIVATE KEY|CERTIFICATE)/i;

/** What XML, a page or a JSON document begins with; `<your domain>` and `{tenant}` do not. */
const DOCUMENT = /^\uFEFF?\s*(<\?xml|<!|<html|<[\w:-]+\s[^>]*xmlns|[{[]\s*["{])/i;

/** Whether a pasted text cannot be the value of a field of one line: a key, a document, a file. */
export function isNoValue(text: string): boolean {
  return text.length > LONGEST || ARMOUR.test(text) || DOCUMENT.test(text);
}

/** Looks at what is pasted into the fields of the open workspace. */
export class Guard {
  readonly #desk: OpenDesk;
  readonly #host: Host;
  readonly #notes = new SvelteMap<string, Note>();
  readonly #turns: Record<string, number> = {};

  constructor(desk: OpenDesk, host: Host) {
    this.#desk = desk;
    this.#host = host;
  }

  noteAt(path: string): Note | undefined {
    return this.#notes.get(path);
  }

  /** Whether the guard stands at this field. */
  guards(path: string): boolean {
    return hasPlace(this.#desk, path);
  }

  /** Looks at a text that was pasted into a field; `refused` when it was kept out of it. */
  async look(path: string, text: string, before: string, refused: boolean): Promise<void> {
    this.dismiss(path);
    const turn = this.#turns[path];
    const { id, reading } = this.#desk;
    const found = await this.#host.recognise(id, text, path, reading.named).catch(() => null);
    if (!found || turn !== this.#turns[path]) return;
    const at = found.belongs_to === null ? null : pathOf(found.belongs_to);
    const { value } = found;
    if (refused && at === path && value !== null && !found.finding) {
      await putAt(this.#desk, this.#host, path, value);
      return;
    }
    // What was taken away is said by the field itself.
    const silent = !found.finding || found.finding.code === "pasted_cleaned";
    if (!refused && silent && (at === null || at === path)) return;
    const told = silent ? null : found.finding;
    // A secret that stands where it belongs is offered by no button: it would be read out.
    const stays = at === path && path === SECRET;
    const moves = at !== null && value !== null && !stays && mayMoveTo(this.#desk, at);
    const note = { told, to: moves ? at : null, value: value ?? "", before, refused };
    this.#notes.set(path, note);
    if (told) announce(`${told.what} ${told.do}`);
    else if (note.to) announce(paste.move(note.to, note.to === path ? note.value : ""));
  }

  /** Moves the value to where it belongs. The field has again what it had before. */
  async move(path: string): Promise<string | null> {
    const note = this.#notes.get(path);
    if (!note?.to) return null;
    this.dismiss(path);
    if (note.to !== path && !note.refused && standsAt(this.#desk, path) !== note.before) {
      await putAt(this.#desk, this.#host, path, note.before);
    }
    await putAt(this.#desk, this.#host, note.to, note.value);
    announce(paste.moved(note.to));
    return note.to;
  }

  dismiss(path: string): void {
    this.#turns[path] = (this.#turns[path] ?? 0) + 1;
    this.#notes.delete(path);
  }
}

const guards = new WeakMap<OpenDesk, Guard>();

/** The guard of a desk. */
export function guardOf(desk: OpenDesk, host: Host): Guard {
  const guard = guards.get(desk) ?? new Guard(desk, host);
  guards.set(desk, guard);
  return guard;
}
