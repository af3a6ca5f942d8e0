import { describe, expect, it } from "vitest";

import { clean, type Cleaned } from "./clean";

function check(pasted: string, value: string, cleaned: Cleaned[]) {
  expect(clean(pasted)).toEqual({ value, cleaned });
}

describe("a pasted value", () => {
  it("loses the white space around it", () => {
    check("  https://acme.okta.com\t", "https://acme.okta.com", ["space"]);
    check("\u00a00oa1b2\u2003", "0oa1b2", ["space"]);
  });

  it("loses the line breaks that a wrapped e-mail puts in", () => {
    check("https://acme.\r\n  okta.com", "https://acme.okta.com", ["breaks"]);
  });

  it("loses characters that nobody can see", () => {
    check("\ufeff0oa\u200b1b2\u2060", "0oa1b2", ["unseen"]);
  });

  it("loses quotation marks around it, the curly ones too", () => {
    check("“0oa1b2”", "0oa1b2", ["quotes"]);
    check('"0oa1b2"', "0oa1b2", ["quotes"]);
    check("« 0oa1b2 »", "0oa1b2", ["quotes", "space"]);
  });

  it("keeps what stands inside", () => {
    for (const value of ["a b", 'a"b', "it's", "p\\ss“w”rd", "~!@#$%^&*()_+", '"half']) {
      check(value, value, []);
    }
  });

  it("may be nothing at all", () => {
    check("", "", []);
    check(" \n ", "", ["space"]);
  });

  it("of a megabyte is cleaned at once", () => {
    const long = "x".repeat(1 << 20);
    check(` ${long}\n`, long, ["space"]);
  });
});
