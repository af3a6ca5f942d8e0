/** A text in the place of another, at one place of a longer one. */
export type Patch = { at: number; out: string; into: string };

/** The smallest single patch that makes `after` of `before`; none if they are the same. */
export function patchOf(before: string, after: string): Patch | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before[at] === after[at]) at += 1;
  let tail = 0;
  while (
    tail < shorter - at &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  return {
    at,
    out: before.slice(at, before.length - tail),
    into: after.slice(at, after.length - tail),
  };
}

/** The text with the patch applied; none if it is not the text that the patch was made for. */
export function patched(text: string, { at, out, into }: Patch): string | null {
  if (!text.startsWith(out, at)) return null;
  return text.slice(0, at) + into + text.slice(at + out.length);
}

export function reversed({ at, out, into }: Patch): Patch {
  return { at, out: into, into: out };
}
