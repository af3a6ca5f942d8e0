import { toldFrom, type Host } from "./host";
import type { Discovery, Told } from "./wire";
import { en } from "./words/en";

/** What the provider says about itself: asked for once per issuer, dropped when the issuer changes. */
export class Reading {
  /** The issuer that was read, or is being read. */
  issuer = $state("");
  busy = $state(false);
  document: Discovery | null = $state.raw(null);
  failure: Told | null = $state.raw(null);

  readonly #host: Host;
  readonly #id: string;
  #turn = 0;

  constructor(host: Host, id: string) {
    this.#host = host;
    this.#id = id;
  }

  /** The issuer as the discovery document names it, once it was read. */
  get named(): string | null {
    return this.document?.issuer ?? null;
  }

  /** Reads unless this issuer was read already. `true` when something new was learnt. */
  async read(issuer: string, again = false): Promise<boolean> {
    if (issuer === "" || (issuer === this.issuer && !again)) return false;
    const turn = this.#begin(issuer);
    try {
      const document = await this.#host.discover(this.#id, issuer);
      if (turn !== this.#turn) return false;
      this.document = document;
    } catch (thrown) {
      if (turn !== this.#turn) return false;
      this.failure = toldFrom(thrown, en.unexpected);
    }
    this.busy = false;
    return true;
  }

  /** Waits no longer; whatever still comes is dropped. */
  forget(): void {
    this.#turn += 1;
    this.issuer = "";
    this.busy = false;
    this.document = null;
    this.failure = null;
  }

  #begin(issuer: string): number {
    this.forget();
    this.issuer = issuer;
    this.busy = true;
    return this.#turn;
  }
}
