import type { OpenDesk } from "../desk.svelte";
import { isTold, toldFrom, type Host } from "../host";
import type { Counted, PeopleHeld, Rule, Told } from "../wire";
import { en } from "../words/en";
import { countedAt, placeIn, type Forecast, type Move } from "./forecast";

/** Milliseconds of rest after which the people are asked what they say about the rules. */
const REST = 200;

/** Where the rule at an index of a list stands in another, both counted from 0. */
type Places = (index: number) => number;

/** Rules to count by, and those against which they are weighed. */
type Ask = {
  rules: Rule[];
  before: Rule[] | null;
  /** The rules as they stand on the page, and where each of them is among those to count by. */
  list: Rule[];
  placeOf: Places;
  /** Whether they stay so, with nothing in the hand: what is foreseen of them is then counted too. */
  rests: boolean;
};

/** What was counted, and where the rules that stand on the page are in it. */
type Census = Counted & { placeOf: Places };

/**
 * The people who were brought in, as far as the interface knows them: numbers. The people themselves
 * are held by the program.
 */
export class Directory {
  held: PeopleHeld | null = $state.raw(null);
  /** What the rules do to them, those in the hand included. */
  census: Census | null = $state.raw(null);
  /** What they say about the rules. */
  findings: Told[] = $state.raw([]);
  failure: Told | null = $state.raw(null);
  /** The file in which they are kept, where that is chosen. */
  file = $state("");
  /** Why those who were kept did not come back. */
  lost: Told | null = $state.raw(null);

  readonly host: Host;
  readonly desk: OpenDesk;
  /** What is to be counted next, and what was asked last. */
  #next: Ask | null = null;
  #last: Ask | null = null;
  /** What the program counts now, as long as its answer is wanted, and what the numbers on the page answer. */
  #running: Ask | null = null;
  #shown: Ask | null = null;
  /** What is foreseen, or will be once the program has answered. */
  #foresees: Move | null = null;
  #forecast: Forecast | null = null;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #counting = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;
  #considered = "";

  constructor(desk: OpenDesk, host: Host) {
    this.desk = desk;
    this.host = host;
  }

  get id(): string {
    return this.desk.id;
  }

  /** Learns what the program holds. */
  async open(): Promise<void> {
    await this.#attempt(async () => {
      const { held, file, lost } = await this.host.people.held(this.id);
      return () => {
        if (!held || !this.held) this.adopt(held);
        this.file = file;
        this.lost = lost;
      };
    });
  }

  /** Keeps them on this computer, or no longer; what is held then, `null` where that failed. */
  async keep(keep: boolean): Promise<PeopleHeld | null> {
    let kept: PeopleHeld | null = null;
    await this.#attempt(async () => {
      const held = await this.host.people.keep(this.id, keep);
      return () => {
        this.failure = null;
        // Nobody is another: what was counted stays.
        this.held = kept = held;
      };
    });
    return kept;
  }

  /** From now on these are the people. */
  adopt(held: PeopleHeld | null): void {
    this.held = held;
    this.census = null;
    this.findings = [];
    this.failure = null;
    this.lost = null;
    this.#turn += 1;
    this.#considered = "";
    this.#shown = null;
    this.#foresees = null;
    this.#forecast = null;
    clearTimeout(this.#rest);
    clearTimeout(this.#soon);
  }

  /** Lets go of everybody, on the disk too; whether that was done. */
  async drop(): Promise<boolean> {
    await this.#attempt(async () => {
      await this.host.people.drop(this.id);
      return () => this.adopt(null);
    });
    return this.held === null;
  }

  /**
   * Counts. What is foreseen is there at once. While one count is under way only the latest wish is
   * remembered: what lies between is never asked.
   */
  count(ask: Ask): void {
    if (!this.held) return;
    this.#next = this.#last = ask;
    this.#foretell();
    if (!this.#counting) void this.#count();
  }

  /**
   * Asks what moving the rule at `index` would give, at whatever place: what is counted next for such a
   * move is then there at once. Asked for `later`, it waits for a moment of rest.
   */
  foresee(rules: Rule[], index: number, when: "now" | "later" = "now"): void {
    clearTimeout(this.#soon);
    if (when === "later") {
      this.#soon = setTimeout(() => this.foresee(rules, index), REST);
      return;
    }
    const wish = { rules, from: index };
    const isKnown = this.#foresees && placeIn(this.#foresees, rules) === index;
    if (!this.held || isKnown) return;
    this.#foresees = wish;
    this.#forecast = null;
    void this.#foresee(wish);
  }

  /** The same is to be counted as was asked last, for a list in which it stands elsewhere. */
  replace({ list, placeOf }: Pick<Ask, "list" | "placeOf">): void {
    if (!this.#last) return;
    Object.assign(this.#last, { list, placeOf });
    if (this.census && this.#shown === this.#last) this.census = { ...this.census, placeOf };
  }

  /** Asks what the people say about these rules, once they rest. */
  consider(rules: Rule[]): void {
    const considered = JSON.stringify(rules);
    if (!this.held || considered === this.#considered) return;
    this.#considered = considered;
    // What was said of other rules would stand at the wrong rungs.
    this.findings = [];
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#consider(rules), REST);
  }

  /** What the people say about a path of the set-up. */
  foundAt(path: string): Told[] {
    return this.findings.filter(({ path: at }) => at !== null && isAt(at, path));
  }

  async #count(): Promise<void> {
    this.#counting = true;
    while (this.#next) {
      const ask = (this.#running = this.#next);
      this.#next = null;
      await this.#attempt(async () => {
        const counted = await this.host.people.count(this.id, ask.rules, ask.before);
        return () => {
          // In a list that has changed since, its numbers would stand at the wrong rungs.
          if (ask === this.#running && ask.list === this.#last?.list) this.#show(ask, counted);
        };
      });
      this.#running = null;
    }
    this.#counting = false;
  }

  async #foresee(wish: Move): Promise<void> {
    const turn = this.#turn;
    try {
      const foreseen = await this.host.people.foresee(this.id, wish.rules, wish.from);
      if (turn !== this.#turn || wish !== this.#foresees) return;
      this.#forecast = { ...wish, foreseen };
      if (this.#next ?? this.#running) this.#foretell();
    } catch {
      // Then each place is counted when it is reached, which says what is wrong.
      if (wish === this.#foresees) this.#foresees = null;
    }
  }

  /** Shows what was asked last, if it is foreseen. */
  #foretell(): void {
    const [ask, forecast, { service }] = [this.#last, this.#forecast, this.desk.kept];
    if (!ask?.before || !forecast || !service) return;
    const [before, to] = [placeIn(forecast, ask.before), placeIn(forecast, ask.rules)];
    if (before === null || to === null) return;
    this.#show(ask, countedAt(forecast, before, to, service));
    // What is being counted for a place before is of the past.
    if (this.#running !== ask || !ask.rests) this.#running = null;
    if (!ask.rests) this.#next = null;
  }

  #show(ask: Ask, counted: Counted): void {
    this.#shown = ask;
    this.census = { ...counted, placeOf: ask.placeOf };
  }

  async #consider(rules: Rule[]): Promise<void> {
    await this.#attempt(async () => {
      const findings = await this.host.people.findings(this.id, rules);
      const still = JSON.stringify(rules) === this.#considered;
      return () => still && (this.findings = findings);
    });
  }

  /** What comes for people who are no longer these is dropped. */
  async #attempt(ask: () => Promise<() => unknown>): Promise<void> {
    const turn = this.#turn;
    try {
      const adopt = await ask();
      if (turn === this.#turn) adopt();
    } catch (thrown) {
      if (turn !== this.#turn) return;
      if (isTold(thrown) && thrown.code === "directory_not_brought") this.adopt(null);
      else this.failure = toldFrom(thrown, en.unexpected);
    }
  }
}

const directories = new WeakMap<OpenDesk, Directory>();

/** The directory of a desk. It outlives the step. */
export function directoryOf(desk: OpenDesk, host: Host): Directory {
  const directory = directories.get(desk) ?? new Directory(desk, host);
  directories.set(desk, directory);
  return directory;
}

function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}
