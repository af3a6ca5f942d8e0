import { SvelteSet } from "svelte/reactivity";

import type { OpenDesk } from "./desk.svelte";
import type { CopyValue, Tally } from "./wire";

/** What was copied into the provider's console so far. */
export class Ledger {
  readonly #desk: OpenDesk;
  readonly #copied = new SvelteSet<string>();

  constructor(desk: OpenDesk) {
    this.#desk = desk;
  }

  /** Notes that a value was copied. A value that changes has not been copied yet. */
  copy(value: CopyValue): void {
    this.#copied.add(keyOf(value));
  }

  hasCopied(value: CopyValue): boolean {
    return this.#copied.has(keyOf(value));
  }

  get copied(): Tally {
    const values = this.#desk.kept.copy_values;
    return { done: values.filter((one) => this.hasCopied(one)).length, of: values.length };
  }
}

const ledgers = new WeakMap<OpenDesk, Ledger>();

/** The ledger of a desk. It outlives the step. */
export function ledgerOf(desk: OpenDesk): Ledger {
  const ledger = ledgers.get(desk) ?? new Ledger(desk);
  ledgers.set(desk, ledger);
  return ledger;
}

function keyOf({ field, label, value }: CopyValue): string {
  return JSON.stringify([field, label, value]);
}
