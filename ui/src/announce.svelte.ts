/** What is spoken next by the live region of `parts/Announce.svelte`. */
class Spoken {
  text = $state("");
  /** Counts, so that the same sentence twice is spoken twice. */
  turn = $state(0);
}

export const spoken = new Spoken();

/** Speaks a sentence to those who cannot see what changed. */
export function announce(text: string): void {
  spoken.text = text;
  spoken.turn += 1;
}
