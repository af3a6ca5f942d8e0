import type { OpenDesk } from "../desk.svelte";
import { toldFrom, type Host } from "../host";
import type { CertificatesRead, CertificateShown, Told } from "../wire";
import { en } from "../words/en";
import { bodyOf } from "./metadata";

/** One entry of the form. `shown` is empty while it is not read, or cannot be; a bundle has several. */
export type Card = { pem: string; shown: CertificateShown[] };

/** The certificates of the open workspace, and what the last reading brought. */
export class Certificates {
  busy = $state(false);
  /** What was noticed in the text or file that was read last. */
  findings: Told[] = $state.raw([]);
  /** The one that was removed last, to be put back. */
  removed: { index: number; pem: string } | null = $state.raw(null);

  readonly #desk: OpenDesk;
  readonly #host: Host;
  #read: CertificateShown[] = $state.raw([]);

  constructor(desk: OpenDesk, host: Host) {
    this.#desk = desk;
    this.#host = host;
  }

  get cards(): Card[] {
    const kept = this.#desk.kept.certificates;
    const fresh = this.#read.filter(({ sha256 }) => !kept.some((one) => one.sha256 === sha256));
    return this.#pems.map((pem) => {
      // An entry of a file may have anything around its certificates, and several of them.
      const body = bodyOf(pem);
      return { pem, shown: [...kept, ...fresh].filter((one) => body.includes(bodyOf(one.pem))) };
    });
  }

  /** Reads the certificates in a text and adds those that are new. How many were added. */
  async addText(text: string): Promise<number | null> {
    return this.#add(() => this.#host.readCertificates(text));
  }

  /** The same for a file that the person chooses; `null` when none was chosen. */
  async addFile(): Promise<number | null> {
    return this.#add(() => this.#host.chooseCertificates());
  }

  remove(index: number): void {
    const pem = this.#pems[index];
    if (pem === undefined) return;
    this.removed = { index, pem };
    this.#write(this.#pems.toSpliced(index, 1));
  }

  putBack(): void {
    const { removed } = this;
    if (!removed) return;
    this.removed = null;
    this.#write(this.#pems.toSpliced(removed.index, 0, removed.pem));
  }

  /** Says something about what was handed over, in place of what the last reading said. */
  tell(told: Told): void {
    this.findings = [told];
  }

  get #pems(): string[] {
    return this.#desk.draft.set_up.connection.certificates ?? [];
  }

  async #add(read: () => Promise<CertificatesRead | null>): Promise<number | null> {
    this.busy = true;
    try {
      const found = await read();
      if (!found) return null;
      this.findings = found.findings;
      this.#read = [...this.#read, ...found.certificates];
      const there = this.#pems.map(bodyOf);
      const fresh = found.certificates.filter(({ pem }) => !there.includes(bodyOf(pem)));
      if (fresh.length > 0) this.#write([...this.#pems, ...fresh.map(({ pem }) => pem)]);
      this.removed = null;
      return fresh.length;
    } catch (thrown) {
      this.findings = [toldFrom(thrown, en.unexpected)];
      return 0;
    } finally {
      this.busy = false;
    }
  }

  #write(pems: string[]): void {
    this.#desk.edit((draft) => {
      draft.set_up.connection.certificates = pems;
    });
    void this.#desk.flush();
  }
}

const shelves = new WeakMap<OpenDesk, Certificates>();

/** The certificates of a desk. */
export function certificatesOf(desk: OpenDesk, host: Host): Certificates {
  const shelf = shelves.get(desk) ?? new Certificates(desk, host);
  shelves.set(desk, shelf);
  return shelf;
}
