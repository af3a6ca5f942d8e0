import type { Told } from "../wire";

/** Findings by the rung that they are about, counted from 0. */
export function byRung(findings: readonly Told[]): Map<number, Told[]> {
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
