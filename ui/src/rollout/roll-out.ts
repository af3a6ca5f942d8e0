import { surpriseOf } from "../signin/surprise";
import { peopleOf } from "../rules/people";
import type { Desk, Enforced, Start } from "../wire";

/** Somebody who was tested, and what happens to them. */
export type Fate = {
  email: string;
  role: string;
  /** The rule that decides, counted from 1; none at the fallback. */
  rule: number | null;
  owner: boolean;
  /** Whether the sign-in proved the settings of now. */
  current: boolean;
  /** The role that was expected, where it is another one. */
  surprise: string | null;
};

/** Everyone tested, with the role under today's rules. */
export function fatesOf({ tests }: Pick<Desk, "tests">): Fate[] {
  return peopleOf(tests).map(({ email, test }) => ({
    email,
    role: test.resolution.role,
    rule: test.resolution.rule,
    owner: test.owner,
    current: test.current,
    surprise: surpriseOf(test),
  }));
}

/** The declaration that is in force, and whether the draft or a newer revision has left it behind. */
export function enforcementOf(desk: Desk): { enforced: Enforced; behind: boolean } | null {
  const { enforced } = desk.draft;
  if (!enforced) return null;
  return { enforced, behind: desk.unsaved || desk.revision !== enforced.revision };
}

/** The provider's name for people outside; empty where it has none of its own here. */
export function providerName({ catalogue }: Pick<Start, "catalogue">, { draft }: Desk): string {
  const { provider } = draft.set_up.connection;
  if (provider === "other") return "";
  return catalogue.providers.find(({ id }) => id === provider)?.name ?? "";
}
