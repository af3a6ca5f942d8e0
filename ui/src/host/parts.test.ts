import { expect, it } from "vitest";

import { partsOf } from "./parts";

it("hands a file over in its order, whole, in parts of half a megabyte", async () => {
  const bytes = Uint8Array.from({ length: 1_200_000 }, (_, at) => (at * 31) % 256);
  const parts: string[] = [];
  for await (const part of partsOf(new Blob([bytes]))) parts.push(part);
  expect(parts).toHaveLength(3);
  const back = parts.map((part) => atob(part)).join("");
  expect(back.length).toBe(bytes.length);
  expect([...back].every((char, at) => char.charCodeAt(0) === bytes[at])).toBe(true);
});

it("has no part of an empty file", async () => {
  for await (const part of partsOf(new Blob([]))) expect(part).toBeUndefined();
});
