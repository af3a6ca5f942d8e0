import type { OpenDesk } from "../desk.svelte";
import { toldFrom } from "../host";
import type { Bringing, Progress, SignInAsk, Told, Verdict, Way } from "../wire";
import { en } from "../words/en";
import { now } from "./clock";

/** A test sign-in that has ended: with a verdict, or before it could start. */
export type Ended =
  | { kind: "verdict"; verdict: Verdict; evidence: string | null; way: Way; at: string }
  | { kind: "refused"; told: Told; way: Way };

/** The test sign-in of the open workspace: the one that runs, or the last one. */
export class Run {
  running: {
    way: Way;
    progress: Progress | null;
    until: string | null;
    /** What the provider's page says of an error. */
    shows: Told[];
  } | null = $state.raw(null);
  ended: Ended | null = $state.raw(null);
  cancelling = $state(false);

  readonly #desk: OpenDesk;

  constructor(desk: OpenDesk) {
    this.#desk = desk;
  }

  /** Runs one to its end. */
  async start(ask: SignInAsk): Promise<void> {
    if (this.running) return;
    this.running = { way: ask.way, progress: null, until: null, shows: [] };
    this.ended = null;
    this.cancelling = false;
    try {
      const { verdict, evidence } = await this.#desk.signIn(ask, (progress) =>
        this.#hear(progress),
      );
      this.ended = { kind: "verdict", verdict, evidence, way: ask.way, at: now() };
    } catch (thrown) {
      this.ended = { kind: "refused", told: toldFrom(thrown, en.unexpected), way: ask.way };
    } finally {
      this.running = null;
    }
  }

  /** Judges an answer that is brought. `false` when the person chose none. */
  async bring(bringing: Bringing): Promise<boolean> {
    if (this.running) return false;
    const before = this.ended;
    this.running = { way: "file", progress: null, until: null, shows: [] };
    this.ended = null;
    try {
      const tested = await this.#desk.bring(bringing);
      if (!tested) {
        this.ended = before;
        return false;
      }
      const { verdict, evidence } = tested;
      this.ended = { kind: "verdict", verdict, evidence, way: "file", at: now() };
    } catch (thrown) {
      this.ended = { kind: "refused", told: toldFrom(thrown, en.unexpected), way: "file" };
    } finally {
      this.running = null;
    }
    return true;
  }

  /** A refusal that the page shows at a field of its own; it stands nowhere else from then on. */
  takeRefusal(path: string): Told | null {
    const { ended } = this;
    if (ended?.kind !== "refused" || ended.told.path !== path) return null;
    this.ended = null;
    return ended.told;
  }

  /** Asks for the end of the one that runs; its verdict still comes. */
  async cancel(): Promise<void> {
    this.cancelling = true;
    await this.#desk.cancelSignIn().catch(() => (this.cancelling = false));
  }

  #hear(progress: Progress): void {
    if (!this.running) return;
    if (progress.now === "shows") {
      this.running = { ...this.running, shows: progress.findings };
      return;
    }
    const until = progress.now === "waiting" ? progress.until : this.running.until;
    // Another page says something else, or nothing.
    const moved = progress.now === "at" && progress.loading;
    const shows = moved ? [] : this.running.shows;
    this.running = { ...this.running, progress, until, shows };
  }
}

const runs = new WeakMap<OpenDesk, Run>();

/** The run of a desk. It goes on while another step is looked at. */
export function runOf(desk: OpenDesk): Run {
  const run = runs.get(desk) ?? new Run(desk);
  runs.set(desk, run);
  return run;
}
