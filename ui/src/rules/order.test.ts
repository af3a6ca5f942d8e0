import { describe, expect, test } from "vitest";

import { firstWhere, keyTarget, landing, matched, moved, placeAfter } from "./order";

describe("moving one entry", () => {
  const list = ["a", "b", "c", "d", "e"];

  test.each([
    [2, 1, "acbde"],
    [0, 4, "bcdea"],
    [4, 0, "eabcd"],
    [1, 1, "abcde"],
    [1, 99, "acdeb"],
    [3, -5, "dabce"],
  ])("from %i to %i gives %s", (from, to, expected) => {
    expect(moved(list, from, to).join("")).toBe(expected);
  });

  test("an entry that is not there moves nothing", () => {
    expect(moved(list, 7, 0)).toEqual(list);
  });

  test("the list that was given stays as it was", () => {
    moved(list, 0, 4);
    expect(list.join("")).toBe("abcde");
  });

  test("the place after a move is where the entry really stands", () => {
    for (const from of list.keys()) {
      for (const to of list.keys()) {
        const after = moved(list, from, to);
        list.forEach((entry, index) => expect(after[placeAfter(index, from, to)]).toBe(entry));
      }
    }
  });
});

test("the first place behind a line is the one that looking through all finds", () => {
  const tops = [0, 60, 60, 130, 190];
  for (const line of [-1, 0, 59, 60, 129, 190, 500]) {
    const plainly = tops.findIndex((top) => top > line);
    const found = firstWhere(tops.length, (place) => (tops[place] ?? 0) > line);
    expect(found).toBe(plainly < 0 ? tops.length : plainly);
  }
});

describe("landing of what is held", () => {
  const boxes = [
    { offsetTop: 0, offsetHeight: 60 },
    { offsetTop: 60, offsetHeight: 60 },
    { offsetTop: 120, offsetHeight: 100 },
    { offsetTop: 220, offsetHeight: 60 },
  ];

  test.each([
    [1, 90, 1],
    [1, 29, 0],
    [1, 31, 1],
    [1, 169, 1],
    [1, 171, 2],
    [1, 5000, 3],
    [3, -5000, 0],
    [0, 91, 1],
  ])("rung %i with its middle at %i lands at %i", (from, middle, to) => {
    // Wherever it would have landed before.
    for (const last of boxes.keys()) expect(landing(boxes, from, last, middle)).toBe(to);
  });
});

describe("keys", () => {
  test.each([
    ["ArrowUp", 2, 1],
    ["ArrowDown", 2, 3],
    ["Home", 2, 0],
    ["End", 2, 4],
    ["ArrowUp", 0, null],
    ["ArrowDown", 4, null],
    ["Home", 0, null],
    ["End", 4, null],
    ["PageUp", 2, null],
    ["x", 2, null],
  ])("%s at %i goes to %s", (key, from, to) => {
    expect(keyTarget(key, from, 5)).toBe(to);
  });
});

test.each([
  ["moved", ["a", "b", "c"], ["c", "a", "b"], [2, 0, 1]],
  ["one written anew", ["a", "b", "c"], ["a", "x", "c"], [0, 1, 2]],
  ["one more", ["a", "b"], ["a", "x", "b"], [0, null, 1]],
  ["one fewer", ["a", "b", "c"], ["a", "c"], [0, 2]],
  ["twins", ["a", "a", "b"], ["b", "a", "a"], [2, 0, 1]],
  ["two written anew, which nobody can tell apart", ["a", "b"], ["x", "y"], [null, null]],
])("entries are recognised: %s", (_, now, then, expected) => {
  expect(matched(now, then)).toEqual(expected);
});
