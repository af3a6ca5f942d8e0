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
 * For each entry of `then`, the place of the entry of `now` that it is: one that is equal, each once,
 * and where both have one entry that is left, that one. None for what is new.
 */
export function matched<T>(now: readonly T[], then: readonly T[]): (number | null)[] {
  const places = new Map<string, number[]>();
  now.forEach((entry, place) => {
    const text = JSON.stringify(entry);
    places.set(text, [...(places.get(text) ?? []), place]);
  });
  const left = new Set(now.keys());
  const found = then.map((entry) => {
    const place = places.get(JSON.stringify(entry))?.shift() ?? null;
    if (place !== null) left.delete(place);
    return place;
  });
  const [last, ...more] = left;
  const missing = found.filter((place) => place === null).length;
  if (last === undefined || more.length > 0 || missing !== 1) return found;
  return found.map((place) => place ?? last);
}

/** Where something is laid out. */
type Box = { readonly offsetTop: number; readonly offsetHeight: number };

/**
 * Where an entry in the hand would land. `boxes` are all entries as they are laid out without it
 * moving, `last` is where it would have landed before it went on, `middle` the vertical middle of the
 * one that is held. Only the boxes on its way are looked at.
 */
export function landing(boxes: readonly Box[], from: number, last: number, middle: number): number {
  const centre = (index: number) => {
    const box = boxes[index];
    return box ? box.offsetTop + box.offsetHeight / 2 : Number.NaN;
  };
  let to = last;
  while (to < from && middle >= centre(to)) to += 1;
  while (to > from && middle <= centre(to)) to -= 1;
  while (to <= from && middle < centre(to - 1)) to -= 1;
  while (to >= from && middle > centre(to + 1)) to += 1;
  return to;
}

/** The first of so many places for which it holds, where it holds for all behind it; `length` if for none. */
export function firstWhere(length: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
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
