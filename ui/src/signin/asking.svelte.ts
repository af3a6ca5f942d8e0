import type { OpenDesk } from "../desk.svelte";
import type { AnswerSource, Bringing, ResponseMode, SignInAsk, Told, Way } from "../wire";

/** How the next test sign-in is made: what is chosen for it, and who is tested already. */
export class Asking {
  way: Way = $state("window");
  /** How the answer is asked to come. Chosen for OpenID Connect only: SAML answers by a form. */
  mode: ResponseMode = $state("usual");
  /** Who starts it: the service, or the provider's tile. */
  starts: "service" | "tile" = $state("service");
  #dashboard: string | null = $state(null);
  /** The answer of a sign-in elsewhere, as it was pasted. */
  answer = $state("");
  /** What the person of that sign-in is called. */
  name = $state("");
  /** What is said of the answer, at its field. */
  refused: Told | null = $state.raw(null);
  #chosen: string | null = $state(null);
  #typed: string | null = $state(null);
  readonly #desk: OpenDesk;

  constructor(desk: OpenDesk) {
    this.#desk = desk;
  }

  /** Whether the service takes a sign-in that the provider starts. */
  get choosesStart(): boolean {
    return this.#desk.kept.dashboard !== null;
  }

  /** Whether the next one starts by the tile: in the sign-in window alone. */
  get byTile(): boolean {
    return this.choosesStart && this.starts === "tile";
  }

  /** A tile is pressed in the sign-in window: what was brought from elsewhere is none of its business. */
  startAt(place: "service" | "tile"): void {
    this.starts = place;
    if (place === "tile") this.way = "window";
  }

  /** Where the tile is looked for. */
  get dashboard(): string {
    return this.#dashboard ?? this.#desk.kept.dashboard ?? "";
  }

  set dashboard(typed: string) {
    this.#dashboard = typed;
  }

  get choosesMode(): boolean {
    return this.#desk.draft.set_up.connection.protocol === "oidc";
  }

  get sendsHint(): boolean {
    return this.choosesMode && (this.#desk.draft.set_up.connection.login_hint ?? false);
  }

  get ownerTested(): boolean {
    return this.#desk.kept.tests.some(({ owner }) => owner);
  }

  get someoneElse(): boolean {
    return this.#desk.kept.tests.some(({ owner }) => !owner);
  }

  /**
   * The role that the person should get, said before the sign-in; empty when nobody said. The
   * Owner's is the highest, and the Owner signs in first.
   */
  get expected(): string {
    if (this.#chosen !== null) return this.#chosen;
    return this.ownerTested ? "" : (this.#desk.kept.service?.roles[0]?.name ?? "");
  }

  set expected(role: string) {
    this.#chosen = role;
  }

  /** The next one is somebody else: what was expected of the last person is no longer. */
  next(): void {
    this.#chosen = null;
    this.answer = "";
    this.name = "";
  }

  /** What is brought from elsewhere. */
  bringing(source: AnswerSource): Bringing {
    return { source, expected_role: this.expected || null, name: this.name.trim() || null };
  }

  /** The address to send along: the Owner's, until the Owner has signed in. */
  get hint(): string {
    return this.#typed ?? (this.ownerTested ? "" : this.#desk.draft.set_up.workspace.owner_email);
  }

  set hint(typed: string) {
    this.#typed = typed;
  }

  get ask(): SignInAsk {
    return {
      way: this.byTile ? "window" : this.way,
      response_mode: this.choosesMode ? this.mode : "usual",
      hint: this.sendsHint ? this.hint.trim() || null : null,
      expected_role: this.expected || null,
      dashboard: this.byTile ? this.dashboard.trim() : null,
    };
  }
}
