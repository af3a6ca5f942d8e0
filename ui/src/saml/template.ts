import type { Template } from "../wire";

const BLANK = /\{(\w+)\}/g;

/** The long value made from the small ones; empty where all of them are. */
export function filled({ text, blanks }: Template, values: Record<string, string>): string {
  if (blanks.every(({ name }) => !values[name]?.trim())) return "";
  // One that is still open stays named: nobody takes it for an address.
  return text.replace(BLANK, (whole, name: string) => values[name]?.trim() || whole);
}

/** The small values inside a long one; `null` where it is not made from the template. */
export function partsOf({ text, blanks }: Template, value: string): Record<string, string> | null {
  if (value === "") return Object.fromEntries(blanks.map(({ name }) => [name, ""]));
  const names = [...text.matchAll(BLANK)].map(([, name]) => name ?? "");
  const literals = text.split(/\{\w+\}/).map((one) => one.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  const match = new RegExp(`^${literals.join("([^/?#\\s]+)")}$`).exec(value.trim());
  if (!match) return null;
  return Object.fromEntries(
    names.map((name, place) => {
      const part = match[place + 1] ?? "";
      return [name, part === `{${name}}` ? "" : part];
    }),
  );
}
