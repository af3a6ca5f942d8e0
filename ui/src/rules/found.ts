import type { Told } from "../wire";

/** Findings by the rung that they are about, counted from 0. */
export type Found = ReadonlyMap<number, Told[]>;

/**
 * Sorts findings by rung. Of a rung of which the same is said as the last time, it is the same list:
 * what stands there is not drawn again.
 */
export function sorter(): (findings: readonly Told[]) => Found {
  let last: Found = new Map();
  return (findings) => {
    const found = byRung(findings);
    for (const [index, now] of found) {
      const before = last.get(index);
      if (before && JSON.stringify(before) === JSON.stringify(now)) found.set(index, before);
    }
    return (last = found);
  };
}

function byRung(findings: readonly Told[]): Map<number, Told[]> {
  const found = new Map<number, Told[]>();
  for (const finding of findings) {
    const place = /^rules\[(\d+)\]/.exec(finding.path ?? "")?.[1];
    if (place === undefined) continue;
    const index = Number(place);
    const there = found.get(index);
    if (there) there.push(finding);
    else found.set(index, [finding]);
  }
  return found;
}
