import { announce } from "./announce.svelte";
import { toldFrom } from "./host";
import type { Told } from "./wire";
import { en } from "./words/en";

/** An act with a line below it: what was done, or why not. */
export class Attempt {
  said = $state("");
  failure: Told | null = $state.raw(null);

  /** Tries it. What it says is spoken, as its failure is; `null` says that nothing was done. */
  async make(act: () => Promise<string | null>): Promise<void> {
    [this.said, this.failure] = ["", null];
    try {
      this.said = (await act()) ?? "";
      if (this.said) announce(this.said);
    } catch (thrown) {
      this.failure = toldFrom(thrown, en.unexpected);
    }
  }

  /** The same with an act that says what it did itself. */
  async run(act: () => Promise<unknown>): Promise<void> {
    await this.make(async () => {
      await act();
      return null;
    });
  }
}
