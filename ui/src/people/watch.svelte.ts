import type { Held } from "../rules/hold";
import { moved, placeAfter } from "../rules/order";
import type { Rule } from "../wire";
import type { Directory } from "./directory.svelte";

/** What is being done to the rules at this moment. */
export type Doing = "nothing" | "holding" | "writing";

/** The rules as they are now. */
type Now = {
  rules: Rule[];
  /** The rung in the hand. */
  held: Held | null;
  /** Whether a rung is being edited in place. */
  editing: boolean;
  /** A rule that is written and not added yet, and where it would stand, counted from 0. */
  proposed: { rule: Rule; place: number } | null;
};

/**
 * Keeps the census up with the rules: with the one in the hand and with each letter that is written,
 * against the rules as they rested before.
 */
export class Watch {
  doing: Doing = $state("nothing");
  readonly #directory: Directory;
  #rested: Rule[] | null = null;
  #asked = "";

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  see({ rules, held, editing, proposed }: Now): void {
    const directory = this.#directory;
    const resting = !held && !editing;
    const whole = proposed && isWhole(proposed.rule) ? proposed : null;
    this.doing = held ? "holding" : editing || whole ? "writing" : "nothing";
    let now = held ? moved(rules, held.from, held.to) : rules;
    if (whole && resting) now = rules.toSpliced(whole.place, 0, whole.rule);
    const placeOf = (index: number) => {
      if (held) return placeAfter(index, held.from, held.to);
      return whole && resting && index >= whole.place ? index + 1 : index;
    };
    if (whole && resting) this.#rested = rules;
    // Taken up and let go are asked anew: against other rules than before, or to stay.
    const asked = JSON.stringify([held !== null, now]);
    if (asked !== this.#asked || !directory.census) {
      this.#asked = asked;
      directory.count({ rules: now, before: this.#rested, list: rules, placeOf, rests: resting });
    } else {
      directory.replace({ list: rules, placeOf });
    }
    if (!resting) return;
    if (!whole) this.#rested = now;
    directory.consider(rules);
  }
}

function isWhole({ claim, value, role }: Rule): boolean {
  return claim.trim() !== "" && value.trim() !== "" && role !== "";
}
