const DAY = 86_400_000;

/** How many days before the end somebody should look, as the gate for enforcing has it. */
const NEAR = 30;

/** When the first of a workspace's credentials ends. */
export type Expiry = {
  /** Whole days until then; negative once it is past. */
  days: number;
  meaning: "plain" | "attention" | "fails";
};

/** How far away an end is. `at` and `now` are moments in RFC 3339 and of the clock. */
export function expiryOf(at: string, now: Date): Expiry {
  const left = Date.parse(at) - now.getTime();
  const days = Math.floor(left / DAY);
  if (left <= 0) return { days, meaning: "fails" };
  return { days, meaning: left <= NEAR * DAY ? "attention" : "plain" };
}

/** What ends first comes first; what has no known end follows in the order it came. */
export function soonestFirst<One extends { next_expiry: string | null }>(
  all: readonly One[],
): One[] {
  const end = ({ next_expiry: at }: One) => (at === null ? Infinity : Date.parse(at));
  return [...all].sort((one, other) => {
    const [first, second] = [end(one), end(other)];
    // Two without an end are as good as each other; their difference is no number.
    return first === second ? 0 : first - second;
  });
}
