/** The list with the entry at `from` taken out and put in again so that it stands at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const entry = list[from];
  const rest = list.filter((_, index) => index !== from);
  if (entry === undefined) return rest;
  rest.splice(clamped(to, 0, rest.length), 0, entry);
  return rest;
}

/** Where the entry at `index` stands once the one at `from` stands at `to`. */
export function placeAfter(index: number, from: number, to: number): number {
  if (index === from) return to;
  if (from < index && index <= to) return index - 1;
  if (to <= index && index < from) return index + 1;
  return index;
}

/**
 * Where an entry in the hand would land. `tops` and `heights` are those of all entries as they are
 * laid out without it moving, `middle` is the vertical middle of the one that is held.
 */
export function landing(
  tops: readonly number[],
  heights: readonly number[],
  from: number,
  middle: number,
): number {
  let to = from;
  tops.forEach((top, index) => {
    const centre = top + (heights[index] ?? 0) / 2;
    if (index < from && middle < centre) to = Math.min(to, index);
    if (index > from && middle > centre) to = Math.max(to, index);
  });
  return to;
}

/** Where a key press moves the entry at `from` in a list of `length`; none if it does not. */
export function keyTarget(key: string, from: number, length: number): number | null {
  const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: length - 1 }[key];
  if (to === undefined || to < 0 || to >= length || to === from) return null;
  return to;
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
