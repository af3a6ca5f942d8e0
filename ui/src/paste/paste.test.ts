import { describe, expect, it } from "vitest";

import { LARGEST_METADATA, LARGEST_OTHER, readDropped } from "./drop";
import { isNoValue } from "./guard.svelte";
import { pathOf } from "./place";

describe("the guard keeps out of a field", () => {
  it.each([
    "-----BEGIN PRIVATE KEY-----\nMIIE",
    "  -----BEGIN CERTIFICATE-----",
    "-----begin rsa private key-----",
    "—–BEGIN EC PRIVATE KEY–—",
    '<?xml version="1.0"?><EntityDescriptor/>',
    '<md:EntityDescriptor xmlns:md="urn:x" entityID="a">',
    "<!doctype html><html>",
    "<html lang=en>",
    '{"issuer":"https://a.example"}',
    '[{"a":1}]',
    "x".repeat(2001),
  ])("%s", (text) => expect(isNoValue(text)).toBe(true));
});

describe("the guard lets into a field", () => {
  it.each([
    "",
    "https://acme.okta.com",
    "https://login.microsoftonline.com/<tenant>/v2.0",
    "<your domain>",
    "{tenantid}",
    "[brackets]",
    "JumpCloud",
    "a<b",
    "private key",
    "x".repeat(2000),
  ])("%s", (text) => expect(isNoValue(text)).toBe(false));
});

it("a recognised value's field is named in one way", () => {
  for (const [field, path] of [
    ["issuer", "connection.issuer"],
    ["connection.issuer", "connection.issuer"],
    ["certificates", "connection.certificates"],
    ["connection.certificates[0]", "connection.certificates"],
    ["metadata_url", "connection.metadata"],
    ["workspace.owner_email", "workspace.owner_email"],
  ] as const) {
    expect(pathOf(field)).toBe(path);
  }
});

describe("a dropped file", () => {
  const file = (content: BlobPart) => new File([content], "dropped");

  it.each([
    ['<?xml version="1.0"?>', "metadata"],
    ["\ufeff <html>", "metadata"],
    ["-----BEGIN CERTIFICATE-----\nMII", "certificates"],
    ["Client ID: 0oa1b2", "text"],
    ["", "text"],
  ])("%s is taken for %s", async (content, kind) => {
    expect((await readDropped(file(content))).kind).toBe(kind);
  });

  it("of bytes is handed over as text, byte for byte", async () => {
    const bytes = Uint8Array.from([0x30, 0x82, 0x01, 0xff, 0x00, 0x80]);
    const dropped = await readDropped(file(bytes));
    expect(dropped).toEqual({ kind: "certificates", text: "MIIB/wCA" });
  });

  it("in UTF-16 is read as what it says", async () => {
    const bytes = Uint8Array.from([0xff, 0xfe, 0x3c, 0x00, 0x61, 0x00]);
    expect(await readDropped(file(bytes))).toEqual({ kind: "metadata", text: "<a" });
  });

  it("beyond the bounds is refused, and beyond the larger one not even read", async () => {
    const big = {
      size: LARGEST_METADATA + 1,
      arrayBuffer: () => Promise.reject(new Error("read")),
    };
    expect(await readDropped(big as unknown as File)).toEqual({ kind: "too_large" });
    const text = "x".repeat(LARGEST_OTHER + 1);
    expect(await readDropped(file(text))).toEqual({ kind: "too_large" });
    expect((await readDropped(file(`<a>${text}`))).kind).toBe("metadata");
  });
});
