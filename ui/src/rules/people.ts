import type { NearMiss, Replayed, Resolution, Test } from "../wire";

/** Somebody who has signed in for a test, with the latest of the sign-ins. */
export type Person = {
  email: string;
  /** The name that arrived, if one did. */
  name: string;
  /** As short as it can be without standing for two people. */
  short: string;
  test: Test;
  /** All sign-ins of this person, the oldest first. */
  tests: Test[];
};

/** Where people stand at one rung. */
export type Standing = {
  decides: Person[];
  also: Person[];
  near: { person: Person; miss: NearMiss }[];
};

/** Everyone tested, in the order of their first sign-in. */
export function peopleOf(tests: readonly Test[]): Person[] {
  const byEmail = new Map<string, Test[]>();
  for (const test of tests) {
    const email = test.evidence.email || test.evidence.subject;
    byEmail.set(email, [...(byEmail.get(email) ?? []), test]);
  }
  const locals = [...byEmail.keys()].map(local);
  return [...byEmail].flatMap(([email, all]) => {
    const test = all.at(-1);
    if (!test) return [];
    const unique = locals.filter((one) => one === local(email)).length === 1;
    const name = test.evidence.claims["name"]?.[0] ?? "";
    return [{ email, name, short: unique ? local(email) : email, test, tests: all }];
  });
}

/** What somebody would get under rules that are not kept yet, by the evidence of the sign-in. */
export type Replay = ReadonlyMap<string, Resolution>;

export function replayOf(replayed: readonly Replayed[]): Replay {
  return new Map(replayed.map(({ evidence, resolution }) => [evidence, resolution]));
}

/**
 * Where everyone stands, by the number of the rung; 0 is the floor. As the program decided it: for the
 * rules that are kept, or for those of a replay.
 */
export function standings(people: readonly Person[], replay?: Replay): Map<number, Standing> {
  const found = new Map<number, Standing>();
  for (const person of people) {
    const { evidence, resolution } = person.test;
    const { rule, also, near_misses } = replay?.get(evidence.id) ?? resolution;
    at(found, rule ?? 0).decides.push(person);
    for (const number of also) at(found, number).also.push(person);
    for (const miss of near_misses) at(found, miss.rule).near.push({ person, miss });
  }
  return found;
}

/** The role that somebody gets: of the rules that are kept, or of a replay. */
export function roleOf({ test }: Person, replay?: Replay): string {
  return (replay?.get(test.evidence.id) ?? test.resolution).role;
}

/** Nobody. */
export const NOBODY: Standing = { decides: [], also: [], near: [] };

function at(found: Map<number, Standing>, rung: number): Standing {
  const standing = found.get(rung) ?? { decides: [], also: [], near: [] };
  found.set(rung, standing);
  return standing;
}

function local(email: string): string {
  return email.split("@")[0] || email;
}
