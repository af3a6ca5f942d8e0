import type { Host } from "../host";
import { toldFrom } from "../host";
import type { HarRead, Told } from "../wire";
import { en } from "../words/en";

/** A browser's recording: as it is read, and what it shows. */
export class Recording {
  busy = $state(false);
  /** How much of it has been read, of 1. */
  share = $state(0);
  read = $state.raw<HarRead | null>(null);
  failure = $state.raw<Told | null>(null);

  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Reads a file that was dropped, or one that is chosen now; `null` if none was read. */
  async open(workspace: string | null, file: File | null): Promise<HarRead | null> {
    if (this.busy) return null;
    this.clear();
    this.busy = true;
    try {
      this.read = await this.#host.readHar(workspace, file, ({ read, size }) => {
        this.share = read && size ? Math.min(1, read / size) : 0;
      });
      return this.read;
    } catch (thrown) {
      const told = toldFrom(thrown, en.unexpected);
      if (told.code !== "cancelled_by_person") this.failure = told;
      return null;
    } finally {
      this.busy = false;
    }
  }

  async cancel(): Promise<void> {
    await this.#host.cancelHar();
  }

  /** Lets go of what was read: it is about another workspace. */
  clear(): void {
    this.share = 0;
    this.read = null;
    this.failure = null;
  }
}
