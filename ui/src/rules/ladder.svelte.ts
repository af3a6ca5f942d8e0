import type { OpenDesk } from "../desk.svelte";
import type { Draft, NearMiss, Rule } from "../wire";
import { mended } from "./near-miss";
import { moved } from "./order";
import { losesOwnerRule, ownerRule, secondPersonProved } from "./owner-rule";

/** What can be done to the rules, and undone. */
export type Act = "add" | "change" | "copy" | "delete" | "move";

/** A rule with a name of its own, which it keeps wherever it is moved. */
export type Rung = { key: string; rule: Rule };

type Picture = { rungs: Rung[]; proposed: Rule | null };
type Entry = { act: Act; picture: Picture };

/**
 * The rules of the open workspace as they are being worked on: acts, Undo and Redo, and the question
 * that comes before the Owner's own rule is lost. The rules themselves stand in the desk's draft.
 */
export class Ladder {
  /** The rung that is being edited in place, by its key. */
  editing: string | null = $state(null);
  /** What has to be confirmed before it happens. */
  question: { act: () => void } | null = $state.raw(null);

  readonly #desk: OpenDesk;
  #keys: string[] = $state([]);
  #past: Entry[] = $state.raw([]);
  #future: Entry[] = $state.raw([]);
  #before: Picture | null = null;
  #made = 0;

  constructor(desk: OpenDesk) {
    this.#desk = desk;
    this.#keys = this.rules.map(() => this.#key());
  }

  get rules(): Rule[] {
    return this.#desk.draft.set_up.rules ?? [];
  }

  get rungs(): Rung[] {
    return this.rules.map((rule, index) => ({ key: this.#keys[index] ?? `new-${index}`, rule }));
  }

  get proposed(): Rule | null {
    return this.#desk.draft.proposed;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Offers the first rule, once: the Owner's address gives the highest role. */
  offer(): void {
    const { draft, kept } = this.#desk;
    const owner = draft.set_up.workspace.owner_email.trim();
    const highest = kept.service?.roles[0]?.name;
    if (draft.offered || owner === "" || !highest) return;
    this.#desk.edit((draft) => {
      draft.offered = true;
      if (ownerRule(this.rules, owner) >= 0 || draft.proposed) return;
      draft.proposed = { claim: "email", value: owner, role: highest };
    });
    void this.#desk.flush();
  }

  /** Writes at the rule that is not added yet. */
  propose(change: Partial<Rule>): void {
    this.#desk.edit((draft) => {
      draft.proposed = { claim: "", value: "", role: "", ...draft.proposed, ...change };
    });
  }

  /** Begins a rule from what arrived. `false` when another one is being written already. */
  proposeFrom(claim: string, value: string): boolean {
    const { proposed } = this;
    const begun = proposed && (proposed.value.trim() !== "" || proposed.role !== "");
    if (begun && !this.#isOffered(proposed)) return false;
    this.propose({ claim, value, role: "" });
    void this.#desk.flush();
    return true;
  }

  dropProposed(): void {
    this.#desk.edit((draft) => (draft.proposed = null));
    void this.#desk.flush();
  }

  /** Adds the proposed rule, at the end unless told otherwise. Its key, if it was added. */
  addProposed(index = this.rules.length): string | null {
    const rule = this.proposed;
    return rule && this.add($state.snapshot(rule), index);
  }

  add(rule: Rule, index = this.rules.length): string {
    const key = this.#key();
    this.#do("add", {
      rungs: this.#picture().rungs.toSpliced(index, 0, { key, rule }),
      proposed: null,
    });
    return key;
  }

  /** Puts a copy below a rule, and opens it, since two equal rules are of no use. */
  copy(index: number): void {
    const { rungs, proposed } = this.#picture();
    const rung = rungs[index];
    if (!rung) return;
    const key = this.#key();
    this.#do("copy", { rungs: rungs.toSpliced(index + 1, 0, { ...rung, key }), proposed });
    this.begin(key);
  }

  remove(index: number, done: () => void = () => {}): void {
    const { rungs, proposed } = this.#picture();
    this.#guarded({ rungs: rungs.toSpliced(index, 1), proposed }, (picture) => {
      this.#do("delete", picture);
      done();
    });
  }

  move(from: number, to: number): boolean {
    const { rungs, proposed } = this.#picture();
    if (from === to || !rungs[from] || !rungs[to]) return false;
    this.#do("move", { rungs: moved(rungs, from, to), proposed });
    return true;
  }

  /** Opens a rung for editing; of the Owner's rule, only once that is confirmed. */
  edit(index: number): void {
    const { rungs, proposed } = this.#picture();
    const key = rungs[index]?.key;
    if (key === undefined) return;
    this.#guarded({ rungs: rungs.toSpliced(index, 1), proposed }, () => this.begin(key));
  }

  /** Opens a rung for editing. */
  begin(key: string): void {
    this.done();
    this.editing = key;
    this.#before = this.#picture();
  }

  /** Writes at the rung that is open. */
  write(change: Partial<Rule>): void {
    const index = this.#keys.indexOf(this.editing ?? "");
    this.#desk.edit((draft) => Object.assign(draft.set_up.rules?.[index] ?? {}, change));
  }

  /** Closes the rung that is open, as it stands. One Undo takes all of it back. */
  done(): void {
    const before = this.#before;
    if (this.editing === null || !before) return;
    this.editing = null;
    this.#before = null;
    if (JSON.stringify(before.rungs) !== JSON.stringify(this.#picture().rungs)) {
      this.#remember("change", before);
    }
    void this.#desk.flush();
  }

  /** Closes the rung that is open, as it was before. */
  cancel(): void {
    const before = this.#before;
    if (this.editing === null || !before) return;
    this.editing = null;
    this.#before = null;
    this.#show(before);
  }

  /** Writes a rule as the value arrived. */
  mend(miss: NearMiss, done: () => void = () => {}): void {
    const { rungs, proposed } = this.#picture();
    const rung = rungs[miss.rule - 1];
    const rule = rung && mended(rung.rule, miss);
    if (!rule) return;
    this.#guarded({ rungs: rungs.with(miss.rule - 1, { ...rung, rule }), proposed }, (picture) => {
      this.#do("change", picture);
      done();
    });
  }

  /** Takes the latest act back, once that is safe. */
  undo(done: (act: Act) => void): void {
    this.done();
    const entry = this.#past.at(-1);
    if (!entry) return;
    this.#guarded(entry.picture, () => {
      this.#past = this.#past.slice(0, -1);
      this.#future = [...this.#future, { act: entry.act, picture: this.#picture() }];
      this.#show(entry.picture);
      done(entry.act);
    });
  }

  /** Does again what was taken back, once that is safe. */
  redo(done: (act: Act) => void): void {
    this.done();
    const entry = this.#future.at(-1);
    if (!entry) return;
    this.#guarded(entry.picture, () => {
      this.#future = this.#future.slice(0, -1);
      this.#past = [...this.#past, { act: entry.act, picture: this.#picture() }];
      this.#show(entry.picture);
      done(entry.act);
    });
  }

  /** Answers the question. */
  answer(yes: boolean): void {
    const act = this.question?.act;
    this.question = null;
    if (yes) act?.();
  }

  /** Whether it is the first rule as it is offered: it can be had again at any time. */
  #isOffered({ claim, value, role }: Rule): boolean {
    const { draft, kept } = this.#desk;
    const owner = draft.set_up.workspace.owner_email.trim();
    return claim === "email" && value === owner && role === kept.service?.roles[0]?.name;
  }

  #guarded(picture: Picture, act: (picture: Picture) => void): void {
    const { draft, kept } = this.#desk;
    const after = picture.rungs.map(({ rule }) => rule);
    const loses = losesOwnerRule(this.rules, after, draft.set_up.workspace.owner_email);
    if (loses && !secondPersonProved(kept)) this.question = { act: () => act(picture) };
    else act(picture);
  }

  #do(act: Act, picture: Picture): void {
    this.done();
    this.#remember(act, this.#picture());
    this.#show(picture);
  }

  #remember(act: Act, picture: Picture): void {
    this.#past = [...this.#past, { act, picture }].slice(-100);
    this.#future = [];
  }

  #picture(): Picture {
    return { rungs: $state.snapshot(this.rungs), proposed: $state.snapshot(this.proposed) };
  }

  #show({ rungs, proposed }: Picture): void {
    this.#keys = rungs.map(({ key }) => key);
    this.#desk.edit((draft: Draft) => {
      draft.set_up.rules = rungs.map(({ rule }) => ({ ...rule }));
      draft.proposed = proposed && { ...proposed };
    });
    void this.#desk.flush();
  }

  #key(): string {
    this.#made += 1;
    return `rung-${this.#made}`;
  }
}

const ladders = new WeakMap<OpenDesk, Ladder>();

/** The ladder of a desk. It outlives the step, so that Undo works after a look at another one. */
export function ladderOf(desk: OpenDesk): Ladder {
  const ladder = ladders.get(desk) ?? new Ladder(desk);
  ladders.set(desk, ladder);
  return ladder;
}
