import { SvelteSet } from "svelte/reactivity";

import type { OpenDesk } from "./desk.svelte";
import type { CopyValue, Flow } from "./wire";

/** How far a column of step 2 is. */
export type Progress = { done: number; of: number };

/** What was copied into the provider's console so far, and what came back. */
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

  get copied(): Progress {
    const values = this.#desk.kept.copy_values;
    return { done: values.filter((one) => this.hasCopied(one)).length, of: values.length };
  }

  /** How many of the values that are needed stand in the form, without an error. */
  given(flow: Flow): Progress {
    const { draft, kept } = this.#desk;
    const { connection } = draft.set_up;
    const values: [path: string, there: boolean][] =
      connection.protocol === "saml"
        ? [
            ["connection.sign_on_url", !!connection.sign_on_url],
            ["connection.issuer", !!connection.issuer],
            ["connection.certificates", (connection.certificates ?? []).length > 0],
          ]
        : [
            ["connection.issuer", !!connection.issuer],
            ["connection.client_id", !!connection.client_id],
            ...(flow === "code"
              ? [["connection.client_secret", kept.secret_kept] as [string, boolean]]
              : []),
          ];
    const errors = kept.findings.filter(({ severity }) => severity === "error");
    const done = values.filter(
      ([path, there]) => there && !errors.some((error) => error.path?.startsWith(path)),
    );
    return { done: done.length, of: values.length };
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
