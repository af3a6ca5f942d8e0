import type { NearMiss, Rule, Test } from "../wire";
import { firstMatch } from "./first-match";

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

/** Where everyone stands, by the number of the rung; 0 is the floor. As the program decided it. */
export function standings(people: readonly Person[]): Map<number, Standing> {
  const found = new Map<number, Standing>();
  for (const person of people) {
    const { rule, also, near_misses } = person.test.resolution;
    at(found, rule ?? 0).decides.push(person);
    for (const number of also) at(found, number).also.push(person);
    for (const miss of near_misses) at(found, miss.rule).near.push({ person, miss });
  }
  return found;
}

/** Where everyone would stand under these rules, until the program has answered. */
export function preview(people: readonly Person[], rules: readonly Rule[]): Map<number, Standing> {
  const found = new Map<number, Standing>();
  for (const person of people) {
    at(found, firstMatch(rules, person.test.evidence.claims) ?? 0).decides.push(person);
  }
  return found;
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
