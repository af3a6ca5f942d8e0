import type { Host } from "../host";
import type { Consultation, Given, Looked } from "../wire";

/** One search for a cause, from the symptom on. */
export class Consult {
  state: Consultation | null = $state.raw(null);
  given: Given[] = $state.raw([]);
  /** What the provider said; none until it was asked. */
  looked: Looked | null = $state.raw(null);
  asking = $state(false);

  readonly #host: Host;
  readonly #workspace: string | null;
  readonly #symptom: string;
  #turn = 0;

  constructor(host: Host, workspace: string | null, symptom: string) {
    this.#host = host;
    this.#workspace = workspace;
    this.#symptom = symptom;
  }

  /** Whether a workspace is held against what is known. */
  get sees(): boolean {
    return this.#workspace !== null;
  }

  /** Begins, with nothing answered. */
  async begin(): Promise<void> {
    await this.#consider([]);
  }

  /** Adds an answer, in the place of an earlier one to the same question. */
  async answer(question: string, answer: string): Promise<void> {
    const others = this.given.filter((one) => one.question !== question);
    await this.#consider([...others, { question, answer }]);
  }

  /** Takes an answer back, so that it is asked again. */
  async takeBack(question: string): Promise<void> {
    await this.#consider(this.given.filter((one) => one.question !== question));
  }

  /** Asks the provider, and considers what it says. */
  async look(metadata: string | null): Promise<void> {
    if (this.#workspace === null || this.asking) return;
    this.asking = true;
    try {
      this.looked = await this.#host.lookAtProvider(this.#workspace, metadata);
      await this.#consider(this.given);
    } finally {
      this.asking = false;
    }
  }

  async #consider(given: Given[]): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.given = given;
    const state = await this.#host.consult(this.#workspace, this.#symptom, given);
    // An older answer never replaces a newer one.
    if (turn === this.#turn) this.state = state;
  }
}
