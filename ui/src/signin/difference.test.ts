import { expect, test } from "vitest";

import { difference, type Piece } from "./difference";

/** What differs in brackets. */
function shown(pieces: Piece[] | undefined): string {
  return (pieces ?? []).map(({ text, same }) => (same ? text : `[${text}]`)).join("");
}

test.each([
  [
    "https://acme.okta.com",
    "https://acme.okta.com/",
    "https://acme.okta.com",
    "https://acme.okta.com[/]",
    22,
  ],
  ["SecOps", "secops", "[S]ec[O]ps", "[s]ec[o]ps", 1],
  ["SecOps", "SecOps ", "SecOps", "SecOps[ ]", 7],
  ["acme", "", "[acme]", "", 1],
  [
    "https://a.example/x",
    "https://b.example/x",
    "https://[a].example/x",
    "https://[b].example/x",
    9,
  ],
  ["aaa", "aaaa", "aaa", "aaa[a]", 4],
])("%s and %s", (expected, received, left, right, from) => {
  const found = difference(expected, received);
  expect(shown(found?.expected)).toBe(left);
  expect(shown(found?.received)).toBe(right);
  expect(found?.from).toBe(from);
});

test("equal texts do not differ", () => {
  expect(difference("same", "same")).toBeNull();
  expect(difference("", "")).toBeNull();
});

test("texts with little in common are marked as a whole, not letter by letter", () => {
  const found = difference("0oa1b2c3d4E5F6", "api-default-x");
  expect(found?.expected).toEqual([{ text: "0oa1b2c3d4E5F6", same: false }]);
});

test("a character made of several code points stays in one piece", () => {
  const found = difference("José", "Jose\u0301");
  expect(shown(found?.expected)).toBe("Jos[é]");
  expect(shown(found?.received)).toBe("Jos[e\u0301]");
});

test("very long texts are answered at once, and nothing of them is lost", () => {
  const left = `a${"x".repeat(50_000)}b`;
  const right = `a${"y".repeat(50_000)}b`;
  const found = difference(left, right);
  expect(found?.expected.map(({ text }) => text).join("")).toBe(left);
  expect(found?.received.map(({ text }) => text).join("")).toBe(right);
  expect(found?.expected.filter(({ same }) => same)).toHaveLength(2);
});
