import { expect, test } from "vitest";

import { expiryOf, soonestFirst } from "./expiry";

const now = new Date("2026-11-22T12:00:00Z");

test.each([
  ["2027-06-01T12:00:00Z", 191, "plain"],
  ["2026-12-22T12:00:01Z", 30, "plain"],
  ["2026-12-22T12:00:00Z", 30, "attention"],
  ["2026-12-13T13:00:00Z", 21, "attention"],
  ["2026-11-22T12:00:01Z", 0, "attention"],
  ["2026-11-22T12:00:00Z", 0, "fails"],
  ["2026-11-20T12:00:00Z", -2, "fails"],
])("an end at %s is %i days away and calls for: %s", (at, days, meaning) => {
  expect(expiryOf(at, now)).toEqual({ days, meaning });
});

test("what ends first comes first, and what has no known end stays behind in its order", () => {
  const one = (name: string, next_expiry: string | null) => ({ name, next_expiry });
  const sorted = soonestFirst([
    one("draft", null),
    one("late", "2027-06-01T12:00:00Z"),
    one("other draft", null),
    one("ended", "2026-11-20T12:00:00Z"),
    one("soon", "2026-12-01T12:00:00+02:00"),
  ]);
  expect(sorted.map(({ name }) => name)).toEqual(["ended", "soon", "late", "draft", "other draft"]);
});
