import type { Replayed, Rule } from "../wire";
import { replayOf, type Replay } from "./people";

/**
 * What everybody tested would get under rules that are not kept yet: those in the hand, or those being
 * typed. The program decides it; it is asked one question at a time, the latest one next.
 */
export class Foresight {
  /** What the program answered last; none while nothing is asked. */
  replay: Replay | null = $state.raw(null);

  readonly #ask: (rules: Rule[]) => Promise<Replayed[]>;
  #next: Rule[] | null = null;
  #busy = false;
  #wanted = false;

  constructor(ask: (rules: Rule[]) => Promise<Replayed[]>) {
    this.#ask = ask;
  }

  /** Asks about these rules, as soon as the question before is answered. */
  look(rules: Rule[]): void {
    this.#next = rules;
    this.#wanted = true;
    if (!this.#busy) void this.#run();
  }

  /** Nothing is in the hand any more. */
  rest(): void {
    this.#next = null;
    this.#wanted = false;
    this.replay = null;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#next) {
      const rules = this.#next;
      this.#next = null;
      try {
        const replayed = await this.#ask(rules);
        if (!this.#wanted) continue;
        this.replay = replayOf(replayed);
      } catch {
        // What is kept is shown on; the answer to keeping says what is wrong.
      }
    }
    this.#busy = false;
  }
}
