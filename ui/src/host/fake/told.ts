import type { Severity, Told, Value } from "../../wire";

type Words = { what: string; do: string };

const files = import.meta.glob<Record<string, Words>>("../../../../src-tauri/core/words/*.json", {
  eager: true,
  import: "default",
});

const sentences: Record<string, Words | undefined> = Object.assign({}, ...Object.values(files));

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
