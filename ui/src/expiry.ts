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
