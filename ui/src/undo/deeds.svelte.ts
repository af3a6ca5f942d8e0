import { patchOf, patched, reversed, type Patch } from "./patch";

/** What was done, for the sentence that says that it was taken back. */
export type Act =
  | { to: "rules"; kind: "add" | "change" | "copy" | "delete" | "move" | "paste" | "mend" }
  | { to: "proposed"; kind: "write" | "discard" }
  | { to: "fields"; paths: string[] };

/** An act, and the run that it belongs to. */
export type Deed = { act: Act; run?: string | null };

/** The parts of what is being made, each as its JSON; an empty text for one that is not there. */
export type Parts = Readonly<Record<string, string>>;

/** What is taken back or done again, and the parts as they are then. */
export type Turn = { act: Act; parts: Parts };

type Entry = { act: Act; run: string | null; patches: Record<string, Patch> };

/**
 * Everything that was done to a draft, as differences of texts: what is taken back is there again to
 * the byte, and a thousand rules that are moved a thousand times take no more room than the moves.
 */
export class Deeds {
  readonly #past: Entry[] = [];
  readonly #future: Entry[] = [];
  #now: Parts;
  #pastCount = $state(0);
  #futureCount = $state(0);

  constructor(now: Parts) {
    this.#now = now;
  }

  get now(): Parts {
    return this.#now;
  }

  get canUndo(): boolean {
    return this.#pastCount > 0;
  }

  get canRedo(): boolean {
    return this.#futureCount > 0;
  }

  /**
   * Notes what was done. Acts of one `run` are one until it is sealed: a word is not taken back
   * letter by letter.
   */
  note(next: Parts, { act, run = null }: Deed): void {
    const last = this.#past.at(-1);
    const goesOn = last !== undefined && run !== null && last.run === run;
    const before = goesOn ? (this.#with(last, reversed) ?? this.#now) : this.#now;
    const patches = differences(before, next);
    if (goesOn) this.#past.pop();
    if (Object.keys(patches).length > 0) {
      this.#future.length = 0;
      this.#past.push({ act, run, patches });
    }
    this.#now = next;
    this.#count();
  }

  /** Takes what is there as it is: nothing was done by the person. */
  adopt(next: Parts): void {
    this.#now = next;
  }

  /** Ends the run: what follows is an act of its own. */
  seal(): void {
    const last = this.#past.at(-1);
    if (last) last.run = null;
  }

  /** What Undo would bring. */
  behind(): Turn | null {
    return this.#turn(this.#past.at(-1), reversed);
  }

  /** What Redo would bring. */
  ahead(): Turn | null {
    return this.#turn(this.#future.at(-1), (patch) => patch);
  }

  /** Takes the latest act back. */
  undo(): Turn | null {
    return this.#step(this.#past, this.#future, this.behind());
  }

  /** Does again what was taken back last. */
  redo(): Turn | null {
    return this.#step(this.#future, this.#past, this.ahead());
  }

  /** Takes back all of a run, as if it had never been. */
  drop(run: string): Turn | null {
    const turn = this.#past.at(-1)?.run === run ? this.behind() : null;
    if (!turn) return null;
    this.#past.pop();
    this.#now = { ...this.#now, ...turn.parts };
    this.#count();
    return turn;
  }

  /** Forgets everything: what is there now came from elsewhere. */
  forget(now: Parts): void {
    this.#past.length = 0;
    this.#future.length = 0;
    this.#now = now;
    this.#count();
  }

  #step(from: Entry[], to: Entry[], turn: Turn | null): Turn | null {
    const entry = from.at(-1);
    if (!entry || !turn) {
      // Somebody else wrote at the same place: differences to what was there are of no use.
      if (entry) this.forget(this.#now);
      return null;
    }
    from.pop();
    entry.run = null;
    to.push(entry);
    this.#now = { ...this.#now, ...turn.parts };
    this.#count();
    return turn;
  }

  #turn(entry: Entry | undefined, way: (patch: Patch) => Patch): Turn | null {
    if (!entry) return null;
    const parts: Record<string, string> = {};
    for (const [part, patch] of Object.entries(entry.patches)) {
      const text = patched(this.#now[part] ?? "", way(patch));
      if (text === null) return null;
      parts[part] = text;
    }
    return { act: entry.act, parts };
  }

  #with(entry: Entry, way: (patch: Patch) => Patch): Parts | null {
    const turn = this.#turn(entry, way);
    return turn && { ...this.#now, ...turn.parts };
  }

  #count(): void {
    this.#pastCount = this.#past.length;
    this.#futureCount = this.#future.length;
  }
}

function differences(before: Parts, after: Parts): Record<string, Patch> {
  const found: Record<string, Patch> = {};
  for (const part of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const patch = patchOf(before[part] ?? "", after[part] ?? "");
    if (patch) found[part] = patch;
  }
  return found;
}
