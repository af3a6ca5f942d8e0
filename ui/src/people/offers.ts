import type { Held, PeopleHeld, Test } from "../wire";
import { people } from "../words/people";

/** A name or a value to choose instead of typing it, and where it was seen. */
export type Offer = { value: string; note: string };

/** How many are offered at once. */
export const MOST = 8;

/** The names of claims that arrived in a test or came with the people. */
export function claimOffers(
  tests: readonly Test[],
  held: PeopleHeld | null,
  typed: string,
): Offer[] {
  const arrived = tests.flatMap(({ evidence }) => Object.keys(evidence.claims));
  const came = (held?.claims ?? []).map(({ name, values }) => ({
    value: name,
    note: people.offers.values(values),
  }));
  return offered([...came, ...seenIn(arrived)], typed);
}

/** The values of a claim, those of the people first. */
export function valueOffers(
  tests: readonly Test[],
  came: readonly Held[],
  claim: string,
  typed: string,
): Offer[] {
  const arrived = tests.flatMap(({ evidence }) =>
    Object.hasOwn(evidence.claims, claim) ? (evidence.claims[claim] ?? []) : [],
  );
  const seen = came.map(({ value, people: all }) => ({ value, note: people.offers.seen(all) }));
  return offered([...seen, ...seenIn(arrived)], typed);
}

function seenIn(arrived: readonly string[]): Offer[] {
  return [...new Set(arrived)].map((value) => ({ value, note: people.offers.arrived }));
}

/** Each value once, as long as it begins as what is typed and is not that already. */
function offered(all: readonly Offer[], typed: string): Offer[] {
  const begun = typed.toLowerCase();
  const fits = all.filter(({ value }) => value !== typed && value.toLowerCase().startsWith(begun));
  const first = new Map(fits.toReversed().map((offer) => [offer.value, offer]));
  return fits.filter((offer) => first.get(offer.value) === offer).slice(0, MOST);
}
