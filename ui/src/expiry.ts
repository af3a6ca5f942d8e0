import type { Ending } from "./wire";

/** What ends first comes first; what has no known end follows in the order it came. */
export function soonestFirst<One extends { ending: Ending | null }>(all: readonly One[]): One[] {
  const end = ({ ending }: One) => (ending === null ? Infinity : Date.parse(ending.at));
  return [...all].sort((one, other) => {
    const [first, second] = [end(one), end(other)];
    // Two without an end are as good as each other; their difference is no number.
    return first === second ? 0 : first - second;
  });
}
