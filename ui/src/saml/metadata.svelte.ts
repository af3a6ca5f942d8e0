import type { OpenDesk } from "../desk.svelte";
import { toldFrom, type Host } from "../host";
import type { Entity, MetadataSource, MetadataRead, RequestBinding, Told } from "../wire";
import { en } from "../words/en";
import { saml } from "../words/saml";
import { differing, givenBy, isOpen, takeOver, type Differing, type Given } from "./metadata";

/**
 * The provider's metadata: read by address, file or text, one of its providers chosen. What it says
 * goes into the form by itself only while the form says nothing.
 */
export class Metadata {
  /** What is being read, until it is there. */
  waiting: MetadataSource | null = $state.raw(null);
  read: MetadataRead | null = $state.raw(null);
  entity: Entity | null = $state.raw(null);
  failure: Told | null = $state.raw(null);
  /** Where it can be read again. */
  address: string | null = $state(null);
  /** The fields that are entered by hand although the metadata gives them. */
  byHand: string[] = $state([]);

  readonly #desk: OpenDesk;
  readonly #host: Host;
  #turn = 0;

  constructor(desk: OpenDesk, host: Host) {
    this.#desk = desk;
    this.#host = host;
  }

  /** What the chosen provider fills in; `null` while none is chosen. */
  get given(): Given | null {
    return this.entity && givenBy(this.entity, this.#binding);
  }

  /** Where it was read from, as it is said. */
  get source(): string {
    return this.read?.source || saml.metadata.pasted;
  }

  /** Where the form says something else. */
  get differing(): Differing[] {
    return this.given ? differing(this.given, this.#desk.draft.set_up.connection) : [];
  }

  /** Whether a field says what the metadata says, so that nobody needs to be asked for it. */
  gives(path: string): boolean {
    const { given } = this;
    if (!given || this.byHand.includes(path)) return false;
    const said = given[path.replace("connection.", "") as keyof Given];
    return said.length > 0 && !this.differing.some((one) => one.path === path);
  }

  /** Reads it. `true` when something was learnt, if only why it cannot be read. */
  async open(from: MetadataSource): Promise<boolean> {
    const turn = ++this.#turn;
    const chosen = this.entity?.entity_id;
    this.waiting = from;
    this.failure = null;
    try {
      const read = await this.#host.readMetadata(this.#desk.id, from);
      if (turn !== this.#turn || !read) return false;
      this.#adopt(read, chosen);
      this.address = from.from === "address" ? from.address : null;
      return true;
    } catch (thrown) {
      if (turn !== this.#turn) return false;
      this.failure = toldFrom(thrown, en.unexpected);
      return true;
    } finally {
      if (turn === this.#turn) this.waiting = null;
    }
  }

  /** Chooses one of its providers, and fills the form if nothing stands there yet. */
  choose(entity: Entity | null): void {
    this.entity = entity;
    this.byHand = [];
    if (entity && isOpen(this.#desk.draft.set_up.connection)) this.takeOver();
  }

  /** Fills what it says into the form. */
  takeOver(): void {
    const { given } = this;
    if (!given) return;
    this.#desk.edit((draft) => takeOver(given, draft.set_up.connection));
    this.byHand = [];
    void this.#desk.flush();
  }

  /** Waits no longer; what still comes is dropped. */
  stop(): void {
    this.#turn += 1;
    this.waiting = null;
  }

  /** Puts away what was read. The form stays as it is. */
  forget(): void {
    this.stop();
    this.read = null;
    this.entity = null;
    this.failure = null;
    this.address = null;
    this.byHand = [];
  }

  get #binding(): RequestBinding {
    return this.#desk.draft.set_up.connection.request_binding ?? "redirect";
  }

  #adopt(read: MetadataRead, chosen: string | undefined): void {
    const { entities } = read;
    const issuer = chosen ?? this.#desk.draft.set_up.connection.issuer;
    const again = entities.find(({ entity_id }) => entity_id === issuer);
    this.read = read;
    this.choose(entities.length === 1 ? (entities[0] ?? null) : (again ?? null));
  }
}

const readings = new WeakMap<OpenDesk, Metadata>();

/** The metadata of a desk. It outlives the step. */
export function metadataOf(desk: OpenDesk, host: Host): Metadata {
  const metadata = readings.get(desk) ?? new Metadata(desk, host);
  readings.set(desk, metadata);
  return metadata;
}
