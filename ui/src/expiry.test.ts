import { expect, test } from "vitest";

import type { Ending } from "./wire";
import { soonestFirst } from "./expiry";

test("what ends first comes first, and what has no known end stays behind in its order", () => {
  const one = (name: string, at?: string) => ({
    name,
    ending: at ? ({ at, days: 0, due: "far" } satisfies Ending) : null,
  });
  const sorted = soonestFirst([
    one("draft"),
    one("late", "2027-06-01T12:00:00Z"),
    one("other draft"),
    one("ended", "2026-11-20T12:00:00Z"),
    one("soon", "2026-12-01T12:00:00+02:00"),
  ]);
  expect(sorted.map(({ name }) => name)).toEqual(["ended", "soon", "late", "draft", "other draft"]);
});
