import type { Told, Value } from "./wire";

/** Findings that know the value that would mend them, and the name under which they carry it. */
const CARRIERS: Record<string, string | undefined> = {
  issuer_is_discovery_address: "mend",
  issuer_differs: "received",
  issuer_differs_by_slash: "received",
  redirect_of_other_region: "expected",
};

/** The value to offer in the field's place, if a finding brings one. */
export function offerOf(findings: Told[]): string | null {
  for (const { code, data } of findings) {
    const carrier = CARRIERS[code];
    const value: Value | undefined = carrier ? data[carrier] : undefined;
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}
