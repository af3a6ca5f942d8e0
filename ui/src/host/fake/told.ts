import type { Severity, Told, Value } from "../../wire";
import findings from "../../../../src-tauri/core/words/findings.json";

type Words = { what: string; do: string };

const sentences: Record<string, Words | undefined> = findings;

/** A finding in the program's own words. */
export function told(
  code: string,
  data: Record<string, Value> = {},
  path: string | null = null,
  severity: Severity = "error",
): Told {
  const words = sentences[code] ?? { what: code, do: "" };
  return { code, severity, path, what: filled(words.what, data), do: filled(words.do, data), data };
}

function filled(template: string, data: Record<string, Value>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = data[name];
    return value === undefined || value === null ? whole : String(value);
  });
}
