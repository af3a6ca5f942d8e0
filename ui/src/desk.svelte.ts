import { untrack } from "svelte";
import { SvelteSet } from "svelte/reactivity";

import { Deeds, type Act, type Deed, type Turn } from "./undo/deeds.svelte";
import { deedOf, partsOf, writeParts } from "./undo/parts";
import { isTold, toldFrom, type Host } from "./host";
import { Reading } from "./reading.svelte";
import { after, before, placeOf, stepOf } from "./steps";
import type { Bringing, Desk, Draft, Progress, SignInAsk, Step, Tested, Told } from "./wire";
import { en } from "./words/en";

/** Milliseconds without typing after which the draft is kept. */
const PAUSE = 250;
/** How long, in milliseconds, typing without a pause can put the keeping off: a kill takes no more. */
const LONGEST = 1000;

/** The fields that refusals without a path are about. */
const PLACES: Record<string, string | undefined> = {
  name_taken: "workspace.name",
  keychain_failed: "connection.client_secret",
};

/** A page beside the six steps. */
export type Beside = "history";

/** Somebody else changed the workspace while something was typed here. */
export type Conflict = { typed: Draft; theirs: Desk; told: Told };

/**
 * The workspace that is open: what the program holds (`kept`) and what is being edited (`draft`).
 *
 * Whatever changes the workspace goes through one queue, so that each request carries the version
 * that the one before it left behind.
 */
export class OpenDesk {
  kept: Desk = $state.raw(undefined as never);
  /** Edited in place, through `edit`. */
  draft: Draft = $state(undefined as never);
  /** The client secret as it is being typed; empty once it is kept. */
  typedSecret = $state("");
  keeping = $state(false);
  /** Why the draft could not be kept. What was typed is still here. */
  problem: Told | null = $state.raw(null);
  conflict: Conflict | null = $state.raw(null);
  /** Where Continue comes straight back to, while one answer is being changed. */
  returnTo: Step | null = $state(null);

  /** Whether what stands here was changed elsewhere, and nothing has been typed since. */
  taken = $state(false);

  /** The page beside the steps that is open in the place of the step. */
  beside: Beside | null = $state(null);

  /** What the provider says about itself. */
  readonly reading: Reading;
  /** What was done to the draft, to be taken back. */
  readonly deeds: Deeds;

  readonly #host: Host;
  readonly #visited = new SvelteSet<string>();
  readonly #continued = new SvelteSet<Step>();
  #edits = $state(0);
  #keptEdits = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitingSince = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(host: Host, desk: Desk) {
    this.#host = host;
    this.reading = new Reading(host, desk.id);
    this.kept = desk;
    this.draft = structuredClone(desk.draft);
    this.deeds = new Deeds(partsOf(desk.draft));
  }

  get id(): string {
    return this.kept.id;
  }

  get step(): Step {
    return this.draft.step;
  }

  /** Whether something typed is not kept yet. */
  get dirty(): boolean {
    return this.#edits !== this.#keptEdits;
  }

  /** Counts what was done to the draft: whoever needs all of it follows this instead of every field. */
  get edits(): number {
    return this.#edits;
  }

  /** Changes the draft; it is kept after a short pause. `deed` says what for, where the fields do not. */
  edit(change: (draft: Draft) => void, deed?: Deed): void {
    change(this.draft);
    const now = untrack(() => partsOf(this.draft));
    this.deeds.note(now, deed ?? deedOf(this.deeds.now, now));
    this.#keepSoon();
  }

  /** What the program writes for the person, which is not to be taken back by itself. */
  prepare(change: (draft: Draft) => void): void {
    change(this.draft);
    this.deeds.adopt(untrack(() => partsOf(this.draft)));
    this.#keepSoon();
  }

  /** Takes the latest act back; what it was, if there was one. */
  undo(): Act | null {
    return this.#write(this.deeds.undo());
  }

  /** Does again what was taken back last. */
  redo(): Act | null {
    return this.#write(this.deeds.redo());
  }

  /** Takes back all of a run, as if it had never been. */
  drop(run: string): void {
    this.#write(this.deeds.drop(run));
  }

  /** Keeps everything typed, now. `true` when all of it is kept. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#inTurn(async () => {
      while (this.dirty && !this.conflict) {
        const edits = this.#edits;
        if (!(await this.#send())) return;
        this.#keptEdits = edits;
      }
    });
    return !this.dirty && !this.problem && !this.conflict;
  }

  /** Keeps everything typed as soon as it is drawn: nobody waits for it. */
  flushBehind(): void {
    requestAnimationFrame(() => setTimeout(() => void this.flush()));
  }

  /** Notes that a field was left; its findings show if it has content, once they are of what stands in it. */
  leave(path: string, content: string): void {
    // What is edited in place is one act, however many of its fields are written.
    if (!path.startsWith("rules[")) this.deeds.seal();
    void this.flush().then(() => {
      if (content !== "") this.#visited.add(path);
    });
  }

  /** The findings to show at a path (the very path, or anything below it). */
  shownAt(path: string): Told[] {
    const found = this.kept.findings.filter(
      (told) => told.path !== null && isAt(told.path, path) && this.#shows(told.path),
    );
    const { problem } = this;
    return problem?.path && isAt(problem.path, path) ? this.#afterRefusal(problem, found) : found;
  }

  /** The errors that keep a step from being complete. */
  errorsOf(step: Step): Told[] {
    return this.kept.findings.filter(
      ({ severity, path }) => severity === "error" && stepOf(path) === step,
    );
  }

  /** The errors to sum up above a step, once Continue was tried. */
  shownErrorsOf(step: Step): Told[] {
    if (!this.#continued.has(step)) return [];
    const { problem } = this;
    const errors = this.errorsOf(step);
    return problem && stepOf(problem.path) === step ? this.#afterRefusal(problem, errors) : errors;
  }

  /** What was refused comes first; that no secret is kept follows from it, and is not said twice. */
  #afterRefusal(problem: Told, found: Told[]): Told[] {
    return [problem, ...found.filter(({ code }) => code !== "secret_missing")];
  }

  /** Continue: keeps, and goes on unless this step has errors. `true` when it went on. */
  async proceed(): Promise<boolean> {
    const step = this.step;
    this.problem = null;
    await this.keepSecret();
    this.#continued.add(step);
    const kept = await this.flush();
    const next = this.returnTo ?? after(step);
    if (!kept || !next || this.errorsOf(step).length > 0) return false;
    await this.go(next);
    return true;
  }

  /** A refusal that the page shows at a field of its own; it stands nowhere else from then on. */
  takeRefusal(...paths: string[]): Told | null {
    const { problem } = this;
    if (!problem?.path || !paths.includes(problem.path)) return null;
    this.problem = null;
    return problem;
  }

  /** Keeps again what could not be kept. */
  async tryAgain(): Promise<void> {
    this.problem = null;
    await this.keepSecret();
    await this.flush();
  }

  async back(): Promise<void> {
    const previous = before(this.step);
    if (previous) await this.go(previous);
  }

  /** Opens the step of one answer, from where Continue comes straight back. */
  async change(step: Step): Promise<void> {
    const from = this.step;
    await this.go(step);
    if (this.step === step) this.returnTo = from;
  }

  /** Opens a step. What was typed is kept first. */
  async go(step: Step): Promise<void> {
    this.returnTo = null;
    this.beside = null;
    this.deeds.seal();
    // A secret that is refused stays in its field, and why stays beside it.
    if (!(await this.keepSecret())) return;
    this.edit((draft) => {
      draft.step = step;
      if (placeOf(step) > placeOf(draft.reached)) draft.reached = step;
    });
    await this.flush();
  }

  /** Opens a page beside the steps. What was typed is kept first. */
  async open(page: Beside): Promise<void> {
    if (!(await this.keepSecret())) return;
    await this.flush();
    this.beside = page;
  }

  /** Keeps the client secret that was typed, if any. `true` unless it was refused. */
  async keepSecret(): Promise<boolean> {
    const typed = this.typedSecret;
    if (typed === "") return true;
    await this.#change(() => this.#host.keepSecret(this.id, this.kept.version, typed));
    if (this.problem || this.conflict) return false;
    if (this.typedSecret === typed) this.typedSecret = "";
    return true;
  }

  /** Keeps everything typed. Rejects with why it could not be kept. */
  async #keepAll(): Promise<void> {
    await this.tryAgain();
    const refusal = this.conflict?.told ?? this.problem;
    if (refusal) throw refusal;
  }

  async revealSecret(): Promise<string> {
    return this.#host.revealSecret(this.id);
  }

  /** Runs a test sign-in to its end. Everything typed is kept first. Rejects with a finding. */
  async signIn(ask: SignInAsk, onProgress: (progress: Progress) => void): Promise<Tested> {
    await this.#keepAll();
    const tested = await this.#host.signIn(this.id, ask, onProgress);
    this.#adopt(tested.desk);
    return tested;
  }

  async cancelSignIn(): Promise<void> {
    await this.#host.cancelSignIn();
  }

  /** Makes the workspace's own key pair. `true` when it is there. */
  async makeKeyPair(): Promise<boolean> {
    if (!(await this.flush())) return false;
    await this.#change(() => this.#host.makeKeyPair(this.id, this.kept.version));
    return !this.problem && this.kept.key_pair !== null;
  }

  async forgetKeyPair(): Promise<void> {
    if (!(await this.flush())) return;
    await this.#change(() => this.#host.forgetKeyPair(this.id, this.kept.version));
  }

  /** Judges an answer that is brought; `null` when the person chose none. Rejects with a finding. */
  async bring(bringing: Bringing): Promise<Tested | null> {
    await this.#keepAll();
    const tested = await this.#host.bringAnswer(this.id, bringing);
    if (tested) this.#adopt(tested.desk);
    return tested;
  }

  /** Names the person of one test sign-in. */
  async nameTest(evidence: string, name: string): Promise<void> {
    await this.#change(() => this.#host.nameTest(this.id, evidence, name));
  }

  async forgetTest(evidence: string): Promise<void> {
    await this.#change(() => this.#host.forgetTest(this.id, evidence));
  }

  /** Saves a revision. `true` when it was saved; otherwise `problem` says why not. */
  async saveRevision(reason: string | null): Promise<boolean> {
    if (!(await this.flush())) return false;
    await this.#change(() => this.#host.saveRevision(this.id, this.kept.version, reason));
    return !this.problem && !this.conflict;
  }

  /**
   * Declares the newest revision the only way in. `name` is the workspace's, as it was typed. `true`
   * when it was declared; otherwise `problem` says why not.
   */
  async enforce(name: string, reason: string | null): Promise<boolean> {
    if (!(await this.flush())) return false;
    await this.#change(() => this.#host.enforce(this.id, this.kept.version, name, reason));
    return !this.problem && !this.conflict;
  }

  /** Takes that back. `true` when it was taken back. */
  async relax(): Promise<boolean> {
    if (!(await this.flush())) return false;
    await this.#change(() => this.#host.relax(this.id, this.kept.version));
    return !this.problem && !this.conflict;
  }

  /**
   * Makes a new revision from an older one; the draft becomes it. `true` when it did; otherwise
   * `problem` says why not.
   */
  async restore(revision: number): Promise<boolean> {
    if (!(await this.flush())) return false;
    await this.#change(() => this.#host.restoreRevision(this.id, this.kept.version, revision));
    if (this.problem || this.conflict) return false;
    this.draft = structuredClone(this.kept.draft);
    this.deeds.forget(partsOf(this.kept.draft));
    return true;
  }

  /**
   * Looks whether somebody else changed the workspace. The newer state is taken where nothing is typed
   * here; the step that is open stays open. `true` when another content was taken.
   */
  async look(): Promise<boolean> {
    let taken = false;
    await this.#inTurn(async () => {
      const before = this.kept;
      const quiet = () => this.kept === before && !this.dirty && !this.conflict;
      if (!quiet()) return;
      // Whoever has deleted it is told of by the next act.
      const theirs = await this.#host.openWorkspace(this.id).catch(() => before);
      if (!quiet() || theirs.version < before.version) return;
      taken = !isSame(theirs.draft, before.draft);
      if (taken) this.#take(theirs);
      else this.kept = theirs;
      this.taken ||= taken;
    });
    return taken;
  }

  /** Ends a conflict with what the other one left; what was typed here is dropped. */
  takeTheirs(): void {
    if (!this.conflict) return;
    const { theirs } = this.conflict;
    this.conflict = null;
    this.#take(theirs);
  }

  /** Ends a conflict with what was typed here, on top of the newer version. */
  async keepTyped(): Promise<void> {
    if (!this.conflict) return;
    this.kept = this.conflict.theirs;
    this.conflict = null;
    this.edit(() => {});
    await this.flush();
  }

  #take(theirs: Desk): void {
    const { step, reached } = this.draft;
    const furthest =
      placeOf(reached) > placeOf(theirs.draft.reached) ? reached : theirs.draft.reached;
    this.kept = theirs;
    this.draft = { ...structuredClone(theirs.draft), step, reached: furthest };
    this.deeds.forget(partsOf(theirs.draft));
    this.#keptEdits = this.#edits;
  }

  #shows(path: string): boolean {
    const step = stepOf(path);
    if (step === null) return true;
    if (this.#continued.has(step) || placeOf(step) < placeOf(this.draft.reached)) return true;
    return [...this.#visited].some((visited) => isAt(path, visited));
  }

  #write(turn: Turn | null): Act | null {
    if (!turn) return null;
    writeParts(this.draft, turn.parts);
    this.#keepSoon();
    void this.flush();
    return turn.act;
  }

  #keepSoon(): void {
    this.taken = false;
    this.#edits += 1;
    const now = Date.now();
    if (!this.#timer) this.#waitingSince = now;
    else if (now - this.#waitingSince >= LONGEST) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE);
  }

  async #send(): Promise<boolean> {
    const draft = $state.snapshot(this.draft);
    return this.#attempt(() => this.#host.keep(this.id, this.kept.version, draft));
  }

  /** One change at a time, each with the version that the one before left behind. */
  async #change(ask: () => Promise<Desk>): Promise<void> {
    await this.#inTurn(() => this.#attempt(ask));
  }

  async #attempt(ask: () => Promise<Desk>, first = true): Promise<boolean> {
    this.keeping = true;
    try {
      this.#adopt(await ask());
      this.problem = null;
      return true;
    } catch (thrown) {
      if (!(await this.#refused(thrown, first))) return false;
    } finally {
      this.keeping = false;
    }
    return this.#attempt(ask, false);
  }

  /** Says why. `true` where it can be asked again: somebody else has only opened another step. */
  async #refused(thrown: unknown, first: boolean): Promise<boolean> {
    if (isTold(thrown) && thrown.code === "changed_elsewhere") {
      try {
        const theirs = await this.#host.openWorkspace(this.id);
        if (first && theirs.version > this.kept.version && isSame(theirs.draft, this.kept.draft)) {
          this.kept = theirs;
          return true;
        }
        this.conflict = { typed: $state.snapshot(this.draft), theirs, told: thrown };
        return false;
      } catch (gone) {
        thrown = gone;
      }
    }
    const told = toldFrom(thrown, en.unexpected);
    this.problem = { ...told, path: told.path ?? PLACES[told.code] ?? null };
    return false;
  }

  /** An older answer never replaces a newer one. */
  #adopt(desk: Desk): void {
    if (desk.version < this.kept.version) return;
    this.kept = desk;
    // These are the program's to set; everything else in the draft is typed here.
    this.draft.secret_mark = desk.draft.secret_mark;
    this.draft.enforced = desk.draft.enforced;
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(act);
    this.#queue = turn.catch(() => {});
    return turn;
  }
}

/** Whether two drafts say the same, whichever step is open in them. */
function isSame(one: Draft, other: Draft): boolean {
  const content = (draft: Draft) => JSON.stringify({ ...draft, step: null, reached: null });
  return content(one) === content(other);
}

function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}
