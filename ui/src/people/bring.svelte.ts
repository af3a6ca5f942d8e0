import { base64 } from "../base64";
import { toldFrom } from "../host";
import type { Server } from "../host/people";
import type {
  Known,
  Mapping,
  PeopleAsk,
  PeopleFetched,
  PeopleHeld,
  PeopleLook,
  PeopleProgress,
  PeopleRead,
  Told,
} from "../wire";
import { en } from "../words/en";
import type { Directory } from "./directory.svelte";

/** How much of a drop goes to the program at once, in bytes. */
const PART = 512 * 1024;

const AS_IT_LOOKS: PeopleAsk = { mapping: null, keep_rest: false };

/** Bringing people in: from a file, the clipboard or a server, with what may come in between. */
export class Bringing {
  busy = $state(false);
  progress: PeopleProgress | null = $state.raw(null);
  /** A file that was read, or why it was not. */
  read: PeopleRead | null = $state.raw(null);
  /** A server that was not read to its end. */
  stopped: PeopleFetched | null = $state.raw(null);
  failure: Told | null = $state.raw(null);

  /** Whether what is running was given up. */
  #left = false;
  readonly #directory: Directory;
  readonly #ondone: (held: PeopleHeld) => void;

  constructor(directory: Directory, ondone: (held: PeopleHeld) => void) {
    this.#directory = directory;
    this.#ondone = ondone;
  }

  get #people() {
    return this.#directory.host.people;
  }

  get #id(): string {
    return this.#directory.id;
  }

  async choose(): Promise<void> {
    await this.#run(async () => {
      if (await this.#people.choose(this.#id)) await this.#read(AS_IT_LOOKS);
    });
  }

  async give(file: Blob, name: string): Promise<void> {
    await this.#run(async () => {
      for (let at = 0; at === 0 || at < file.size; at += PART) {
        if (this.#left) return;
        this.progress = { now: "reading", done: at, of: file.size };
        const part = base64(new Uint8Array(await file.slice(at, at + PART).arrayBuffer()));
        await this.#people.give(this.#id, name, part, at === 0);
      }
      await this.#read(AS_IT_LOOKS);
    });
  }

  /** How the same file would be read, where a person knows this much of it. */
  async look(known: Known): Promise<PeopleLook | null> {
    this.failure = null;
    try {
      return await this.#people.look(this.#id, known);
    } catch (thrown) {
      this.failure = toldFrom(thrown, en.unexpected);
      return null;
    }
  }

  /** Reads the same file again in another way. */
  async again(mapping: Mapping | null, keepRest: boolean): Promise<void> {
    await this.#run(() => this.#read({ mapping, keep_rest: keepRest }));
  }

  async fetch(server: Server): Promise<void> {
    await this.#run(async () =>
      this.#fetched(await this.#people.fetch(this.#id, server, this.#hear)),
    );
  }

  async goOn(): Promise<void> {
    await this.#run(async () => this.#fetched(await this.#people.resume(this.#id, this.#hear)));
  }

  async keep(): Promise<void> {
    await this.#run(async () => this.#done(await this.#people.keepFetched(this.#id)));
  }

  /** Ends what is running; what a server sent until then is offered. */
  async cancel(): Promise<void> {
    this.#left = true;
    await this.#people.cancel(this.#id);
  }

  /** Lets go of everything that is not held yet. */
  async leave(): Promise<void> {
    if (this.busy) await this.cancel();
    this.busy = false;
    this.#clear();
    await this.#people.leaveServer(this.#id);
  }

  async #read(ask: PeopleAsk): Promise<void> {
    const read = await this.#people.read(this.#id, ask, this.#hear);
    if (read.held) this.#done(read.held);
    else if (read.refused) this.read = read;
  }

  #fetched(fetched: PeopleFetched): void {
    if (fetched.held) this.#done(fetched.held);
    else if (fetched.pages > 0) this.stopped = fetched;
    else this.failure = fetched.stopped;
  }

  #done(held: PeopleHeld): void {
    this.#directory.adopt(held);
    this.#ondone(held);
  }

  readonly #hear = (progress: PeopleProgress) => (this.progress = progress);

  async #run(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.#clear();
    this.busy = true;
    this.#left = false;
    try {
      await act();
    } catch (thrown) {
      this.failure = toldFrom(thrown, en.unexpected);
    } finally {
      this.busy = false;
      this.progress = null;
    }
  }

  #clear(): void {
    this.progress = null;
    this.read = null;
    this.stopped = null;
    this.failure = null;
  }
}
