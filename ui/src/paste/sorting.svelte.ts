import type { OpenDesk } from "../desk.svelte";
import { toldFrom, type Host } from "../host";
import type { Told } from "../wire";
import { en } from "../words/en";
import { hasPlace, mayMoveTo, pathOf, putAt, standsAt } from "./place";

/** What became of one value that was found. */
export type Outcome = "placed" | "same" | "differs" | "elsewhere";

/** One value that was found in what was pasted. A secret is not shown again. */
export type Item = { path: string; value: string; outcome: Outcome };

/** Finds out what a text holds, and puts each value into its field, if nothing stands there. */
export class Sorting {
  busy = $state(false);
  /** `null` before anything was sorted. */
  items: Item[] | null = $state.raw(null);
  told: Told | null = $state.raw(null);

  readonly #desk: OpenDesk;
  readonly #host: Host;

  constructor(desk: OpenDesk, host: Host) {
    this.#desk = desk;
    this.#host = host;
  }

  /** How many values were put into a field. */
  get placed(): number {
    return this.items?.filter(({ outcome }) => outcome === "placed").length ?? 0;
  }

  async sort(text: string): Promise<void> {
    if (this.busy || text.trim() === "") return;
    this.busy = true;
    this.told = null;
    try {
      const found = await this.#host.recognise(this.#desk.id, text, null, this.#desk.reading.named);
      const { belongs_to: field, value } = found;
      const own = field && value !== null ? [{ field, value }] : [];
      const items: Item[] = [];
      for (const { field, value } of [...own, ...found.also]) {
        items.push(await this.#place(pathOf(field), value));
      }
      this.items = items;
      this.told = found.finding;
    } catch (thrown) {
      this.items = [];
      this.told = toldFrom(thrown, en.unexpected);
    } finally {
      this.busy = false;
    }
  }

  /** Puts a value where another one stands. */
  async replace(item: Item): Promise<void> {
    await putAt(this.#desk, this.#host, item.path, item.value);
    this.items = (this.items ?? []).map((one) =>
      one === item ? { ...one, outcome: "placed" } : one,
    );
  }

  /** Says why something was not looked at at all. */
  refuse(words: { what: string; do: string }): void {
    this.items = [];
    this.told = { code: "file_too_large", severity: "error", path: null, data: {}, ...words };
  }

  clear(): void {
    this.items = null;
    this.told = null;
  }

  async #place(path: string, value: string): Promise<Item> {
    if (!hasPlace(this.#desk, path)) return { path, value, outcome: "elsewhere" };
    const stands = standsAt(this.#desk, path);
    if (!mayMoveTo(this.#desk, path)) {
      return { path, value, outcome: stands === value ? "same" : "elsewhere" };
    }
    const kept = path === "connection.client_secret" && this.#desk.kept.secret_kept;
    if (stands === value && stands !== "") return { path, value, outcome: "same" };
    if (stands !== "" || kept) return { path, value, outcome: "differs" };
    await putAt(this.#desk, this.#host, path, value);
    return { path, value, outcome: "placed" };
  }
}
