/** One place at which two set-ups differ. */
export type Difference = { path: string; here: string; there: string };

/** The places at which two values differ, leaf by leaf, by their path. */
export function differences(here: unknown, there: unknown): Difference[] {
  const ours = leaves(here, "");
  const theirs = leaves(there, "");
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .map((path) => ({ path, here: ours.get(path) ?? "", there: theirs.get(path) ?? "" }))
    .filter((one) => one.here !== one.there);
}

function leaves(value: unknown, path: string): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[path, String(value ?? "")]]);
  const found = new Map<string, string>();
  for (const [name, child] of Object.entries(value)) {
    const below = Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name;
    for (const [at, leaf] of leaves(child, below)) found.set(at, leaf);
  }
  return found;
}
