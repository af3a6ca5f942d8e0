import type {
  Counted,
  Foreseen,
  Held,
  Known,
  LiveDirectory,
  Part,
  PeopleAsk,
  PeopleFetched,
  PeopleHeld,
  PeopleLook,
  PeopleProgress,
  PeopleRead,
  PeopleThere,
  Rule,
  Told,
  Whose,
} from "../wire";

type Tell = (progress: PeopleProgress) => void;

/** Which people of a list are asked for. */
export type Page = { whose: Whose; search: string; offset: number; limit: number };

/** Where people are read from over the network. The token is kept by nobody. */
export type Server = { from: LiveDirectory; address: string; token: string };

/** What the interface asks of the program about the people of a company. Only numbers pass, and a page of a list. */
export interface PeopleHost {
  /** What is held; the first time, who was kept. */
  held(id: string): Promise<PeopleThere>;
  /** Keeps them on this computer, or no longer. */
  keep(id: string, keep: boolean): Promise<PeopleHeld>;
  /** The name of the file; `null` when the person chose none. */
  choose(id: string): Promise<string | null>;
  /** Hands over a part of what was dropped or pasted, in base64; the first part begins anew. */
  give(id: string, name: string, part: string, first: boolean): Promise<void>;
  /** How it would be read, where a person knows this much of it; `null` where it is no CSV. */
  look(id: string, known: Known): Promise<PeopleLook | null>;
  /** Reads what was chosen or given. */
  read(id: string, ask: PeopleAsk, onProgress: Tell): Promise<PeopleRead>;
  fetch(id: string, server: Server, onProgress: Tell): Promise<PeopleFetched>;
  /** Goes on at the page that did not come. */
  resume(id: string, onProgress: Tell): Promise<PeopleFetched>;
  /** Keeps who came before the server stopped. */
  keepFetched(id: string): Promise<PeopleHeld>;
  cancel(id: string): Promise<void>;
  /** Lets go of a server that was not read to its end, and of its token. */
  leaveServer(id: string): Promise<void>;
  drop(id: string): Promise<void>;
  /** Counts under these rules, and who would get another role than under those before. */
  count(id: string, rules: Rule[], before: Rule[] | null): Promise<Counted>;
  /** What moving the rule at `index`, counted from 0, would give at whatever place. */
  foresee(id: string, rules: Rule[], index: number): Promise<Foreseen>;
  findings(id: string, rules: Rule[]): Promise<Told[]>;
  list(id: string, rules: Rule[], page: Page): Promise<Part>;
  /** Values of a claim that begin so, those that most people have first. */
  values(id: string, claim: string, prefix: string, limit: number): Promise<Held[]>;
}
