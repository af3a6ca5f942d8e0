import { parse } from "svelte/compiler";
import { expect, it } from "vitest";

const sources = import.meta.glob<string>("../**/*.svelte", {
  eager: true,
  query: "?raw",
  import: "default",
});

/** Attributes whose text a person reads or hears. */
const SPOKEN = new Set(["aria-label", "title", "placeholder", "alt", "label", "hint", "legend"]);

type Node = Record<string, unknown>;

it.each(Object.keys(sources))("%s takes its wording from words/", (file) => {
  const { fragment } = parse(sources[file] ?? "", { modern: true });
  expect(literals(fragment)).toEqual([]);
});

it("a literal in a component would be found", () => {
  const { fragment } = parse('<p title="Some words">{#if x}Other words{/if}</p>', { modern: true });
  expect(literals(fragment)).toEqual(["Some words", "Other words"]);
});

function literals(node: unknown, attribute = ""): string[] {
  if (Array.isArray(node)) return node.flatMap((one) => literals(one, attribute));
  if (typeof node !== "object" || node === null) return [];
  const { type, name, data } = node as Node;
  if (type === "Text") {
    const spoken = attribute === "" || SPOKEN.has(attribute);
    return spoken && /\p{L}/u.test(String(data)) ? [String(data).trim()] : [];
  }
  const within = type === "Attribute" ? String(name) : attribute;
  return Object.entries(node).flatMap(([key, child]) =>
    key === "expression" || key === "parent" ? [] : literals(child, within),
  );
}
