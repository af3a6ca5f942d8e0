import { untrack } from "svelte";

import type { OpenDesk } from "../desk.svelte";
import type { Act, Turn } from "../undo/deeds.svelte";
import type { NearMiss, Repair, Rule } from "../wire";
import { moved } from "./order";
import { losesOwnerRule, ownerRule, secondPersonProved, type Whose } from "./owner-rule";
import { repaired } from "./repair";

/** What can be done to the rules. */
export type Deed = Extract<Act, { to: "rules" }>["kind"];

/**
 * A rule with a name of its own, which it keeps wherever it is moved. Under another key it is drawn
 * anew.
 */
export type Rung = { key: string; name: string; rule: Rule };

/** How many rungs are drawn anew for one that passes them and has the focus. */
export const PASSED = 8;

/**
 * The rules of the open workspace as they are being worked on: acts, Undo and Redo, and the question
 * that comes before the Owner's own rule is lost. The rules themselves stand in the desk's draft, and
 * what was done to them in its history.
 */
export class Ladder {
  /** The rung that is being edited in place, by its key. */
  editing: string | null = $state(null);
  /** What has to be confirmed before it happens. */
  question: { act: () => void } | null = $state.raw(null);

  /** The rules as the program is asked about them: copied once for each act, not for each look. */
  readonly plain: Rule[] = $derived.by(() => {
    // Five hundred rules have two thousand fields; whoever follows each is asked about all of them.
    void [this.#desk.draft, this.#desk.edits];
    return untrack(() => $state.snapshot(this.rules));
  });

  readonly #desk: OpenDesk;
  /** One rung for one rule, always the same: what stands there already is not drawn again. */
  readonly #rungs = new WeakMap<Rule, Rung>();
  #made = 0;

  constructor(desk: OpenDesk) {
    this.#desk = desk;
  }

  get rules(): Rule[] {
    return this.#desk.draft.set_up.rules ?? [];
  }

  get rungs(): Rung[] {
    return this.rules.map((rule) => this.#rungOf(rule));
  }

  /** Whether none of these rules keeps the Owner in by the address alone. */
  lacksOwner(rules: readonly Rule[] = this.rules): boolean {
    return ownerRule(rules, this.#whose) < 0;
  }

  get proposed(): Rule | null {
    return this.#desk.draft.proposed;
  }

  /** Offers the first rule, once: the Owner's address gives the highest role. */
  offer(): void {
    const { draft, kept } = this.#desk;
    const offered = kept.owner_rule;
    if (draft.offered || !offered) return;
    this.#desk.prepare((draft) => {
      draft.offered = true;
      if (!this.lacksOwner() || draft.proposed) return;
      draft.proposed = { ...offered };
    });
    void this.#desk.flush();
  }

  /** Writes at the rule that is not added yet. */
  propose(change: Partial<Rule>): void {
    this.#desk.edit(
      (draft) => {
        draft.proposed = { claim: "", value: "", role: "", ...draft.proposed, ...change };
      },
      { act: { to: "proposed", kind: "write" }, run: "proposed" },
    );
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
    this.#desk.edit((draft) => (draft.proposed = null), {
      act: { to: "proposed", kind: "discard" },
    });
    void this.#desk.flush();
  }

  /** Adds the proposed rule, at the end unless told otherwise. Its key, if it was added. */
  addProposed(index = this.rules.length): string | null {
    const rule = this.proposed;
    return rule && this.add($state.snapshot(rule), index);
  }

  add(rule: Rule, index = this.rules.length): string {
    this.#do("add", this.rules.toSpliced(index, 0, rule), null);
    return this.rungs[index]?.key ?? "";
  }

  /** Adds rules at the end, as one act. */
  paste(rules: readonly Rule[]): void {
    this.#do("paste", [...this.rules, ...rules.map((rule) => ({ ...rule }))]);
  }

  /** Puts a copy below a rule, and opens it, since two equal rules are of no use. */
  copy(index: number): void {
    const rule = this.rules[index];
    if (!rule) return;
    this.#do("copy", this.rules.toSpliced(index + 1, 0, { ...rule }));
    const key = this.rungs[index + 1]?.key;
    if (key !== undefined) this.begin(key);
  }

  remove(index: number, done: () => void = () => {}): void {
    this.#guarded("delete", this.rules.toSpliced(index, 1), done);
  }

  /**
   * Moves a rule. Where it `stays` in the document, and the focus with it, those that it passes are
   * drawn anew instead of it: up to `PASSED` of them.
   */
  move(from: number, to: number, stays = false): boolean {
    const { rules } = this;
    if (from === to || !rules[from] || !rules[to]) return false;
    const passed = from < to ? rules.slice(from + 1, to + 1) : rules.slice(to, from);
    if (stays && passed.length <= PASSED) for (const rule of passed) this.#renew(rule);
    this.#do("move", moved(rules, from, to));
    return true;
  }

  /** Opens a rung for editing; of the Owner's rule, only once that is confirmed. */
  edit(index: number): void {
    const key = this.rungs[index]?.key;
    if (key === undefined) return;
    this.#asked(this.rules.toSpliced(index, 1), () => this.begin(key));
  }

  /** Opens a rung for editing. */
  begin(key: string): void {
    this.done();
    this.#desk.deeds.seal();
    this.editing = key;
  }

  /** Writes at the rung that is open. */
  write(change: Partial<Rule>): void {
    const open = this.rungs.find(({ key }) => key === this.editing);
    if (!open || this.editing === null) return;
    this.#desk.edit(() => Object.assign(open.rule, change), {
      act: { to: "rules", kind: "change" },
      run: this.editing,
    });
  }

  /** Closes the rung that is open, as it stands. One Undo takes all of it back. */
  done(): void {
    if (this.editing === null) return;
    this.editing = null;
    this.#desk.deeds.seal();
    void this.#desk.flush();
  }

  /** Closes the rung that is open, as it was before. */
  cancel(): void {
    const run = this.editing;
    if (run === null) return;
    this.editing = null;
    this.#desk.drop(run);
  }

  /** Makes what was noticed right, in the way that the program knows. */
  mend(repair: Repair, done: () => void = () => {}): void {
    // A rule that is only written anew stays the rung that it is.
    const same = repair.acts.every(({ act }) => act === "set");
    const rungs = same ? this.rungs : [];
    this.#guarded("mend", repaired(this.rules, repair), () => {
      this.rules.forEach((rule, index) => {
        const rung = rungs[index];
        if (rung) this.#rungs.set(rule, { ...rung, rule });
      });
      done();
    });
  }

  /** Writes a rule as the value arrived, where that is one value. */
  meet(miss: NearMiss, done: () => void = () => {}): void {
    if (miss.repair) this.mend(miss.repair, done);
  }

  /** Takes the latest act back, once that is safe. */
  undo(done: (act: Act) => void): void {
    this.done();
    this.#turned(this.#desk.deeds.behind(), () => this.#desk.undo(), done);
  }

  /** Does again what was taken back, once that is safe. */
  redo(done: (act: Act) => void): void {
    this.done();
    this.#turned(this.#desk.deeds.ahead(), () => this.#desk.redo(), done);
  }

  /** Answers the question. */
  answer(yes: boolean): void {
    const act = this.question?.act;
    this.question = null;
    if (yes) act?.();
  }

  /** Whether it is the first rule as it is offered: it can be had again at any time. */
  #isOffered({ claim, value, role }: Rule): boolean {
    const offered = this.#desk.kept.owner_rule;
    return offered?.claim === claim && offered.value === value && offered.role === role;
  }

  get #whose(): Whose {
    const { draft, kept } = this.#desk;
    return { email: draft.set_up.workspace.owner_email, claims: kept.address_claims };
  }

  #turned(turn: Turn | null, act: () => Act | null, done: (act: Act) => void): void {
    const text = turn?.parts["set_up.rules"];
    const after = text ? (JSON.parse(text) as Rule[]) : this.rules;
    this.#asked(after, () => {
      const turned = act();
      if (turned) done(turned);
    });
  }

  /** Acts, once it is confirmed if these rules would lose the Owner's own. */
  #asked(after: readonly Rule[], act: () => void): void {
    const loses = losesOwnerRule(this.rules, after, this.#whose);
    if (loses && !secondPersonProved(this.#desk.kept)) this.question = { act };
    else act();
  }

  #guarded(kind: Deed, after: Rule[], done: () => void): void {
    this.#asked(after, () => {
      this.#do(kind, after);
      done();
    });
  }

  #do(kind: Deed, rules: Rule[], proposed: Rule | null = this.proposed): void {
    this.done();
    this.#desk.edit(
      (draft) => {
        draft.set_up.rules = rules;
        draft.proposed = proposed;
      },
      { act: { to: "rules", kind } },
    );
    this.#desk.flushBehind();
  }

  #rungOf(rule: Rule): Rung {
    const known = this.#rungs.get(rule);
    if (known) return known;
    this.#made += 1;
    const name = `rung-${this.#made}`;
    const rung = { key: name, name, rule };
    this.#rungs.set(rule, rung);
    return rung;
  }

  #renew(rule: Rule): void {
    const rung = this.#rungOf(rule);
    this.#made += 1;
    this.#rungs.set(rule, { ...rung, key: `rung-${this.#made}` });
  }
}

const ladders = new WeakMap<OpenDesk, Ladder>();

/** The ladder of a desk. It outlives the step, so that Undo works after a look at another one. */
export function ladderOf(desk: OpenDesk): Ladder {
  const ladder = ladders.get(desk) ?? new Ladder(desk);
  ladders.set(desk, ladder);
  return ladder;
}
