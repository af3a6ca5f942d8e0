import { describe, expect, it } from "vitest";

import { BODIES, pemOf } from "../host/fake/certificates";
import { document, readMetadata } from "../host/fake/metadata";
import type { ConnectionFields, Template } from "../wire";
import { differing, givenBy, isOpen, takeOver } from "./metadata";
import { filled, partsOf } from "./template";

const JUMPCLOUD: Template = {
  text: "https://sso.jumpcloud.com/saml2/{app}",
  blanks: [{ name: "app", label: "Name of your app", example: "torq", form: "path_part" }],
};
const TWO: Template = {
  text: "https://{tenant}.example/app/{id}/sso",
  blanks: [
    { name: "tenant", label: "Tenant", example: "acme", form: "path_part" },
    { name: "id", label: "ID", example: "1", form: "path_part" },
  ],
};

describe("a template", () => {
  it.each([
    [JUMPCLOUD, "https://sso.jumpcloud.com/saml2/acme", { app: "acme" }],
    [JUMPCLOUD, "", { app: "" }],
    [JUMPCLOUD, "https://sso.jumpcloud.com/saml2/{app}", { app: "" }],
    [TWO, "https://acme.example/app/7/sso", { tenant: "acme", id: "7" }],
    [TWO, "https://acme.example/app/{id}/sso", { tenant: "acme", id: "" }],
  ] as const)("%# finds its small values in %s", (template, address, parts) => {
    expect(partsOf(template, address)).toEqual(parts);
  });

  it.each([
    "https://sso.jumpcloud.com/saml2/",
    "https://sso.jumpcloud.com/saml2/acme/more",
    "https://sso.jumpcloud.com/saml2/acme?x=1",
    "https://sso-jumpcloud.com/saml2/acme",
    "http://sso.jumpcloud.com/saml2/acme",
    "https://sso.jumpcloud.comXsaml2/acme",
    "acme",
  ])("does not make %s", (address) => {
    expect(partsOf(JUMPCLOUD, address)).toBeNull();
  });

  it("keeps a small value that is still open by its name, and nothing when all are", () => {
    expect(filled(TWO, { tenant: "acme" })).toBe("https://acme.example/app/{id}/sso");
    expect(filled(TWO, { tenant: " ", id: "" })).toBe("");
    expect(filled(JUMPCLOUD, { app: " acme " })).toBe("https://sso.jumpcloud.com/saml2/acme");
  });
});

describe("metadata", () => {
  const now = new Date("2026-11-22T00:00:00Z");
  const entityOf = (bodies: string[]) => {
    const text = document("acme", bodies);
    const entity = readMetadata({ from: "paste", text }, now, false).entities[0];
    if (!entity) throw new Error("The fake's metadata names nobody.");
    return entity;
  };
  const form = (): ConnectionFields => ({ protocol: "saml", provider: "okta" });

  it("gives the Sign-On URL of the binding that is asked for, or the other one", () => {
    const entity = entityOf([BODIES.acme]);
    expect(givenBy(entity, "post").sign_on_url).toBe("https://sso.acme.example/saml2/post");
    entity.sign_on = entity.sign_on.filter(({ binding }) => binding === "redirect");
    const given = givenBy(entity, "post");
    expect(given.sign_on_url).toBe("https://sso.acme.example/saml2/redirect");
    expect(given.request_binding).toBe("redirect");
  });

  it("taken over fills what is open, and then differs in nothing", () => {
    const given = givenBy(entityOf([BODIES.acme]), "redirect");
    const fields = form();
    expect(isOpen(fields)).toBe(true);
    takeOver(given, fields);
    expect(isOpen(fields)).toBe(false);
    expect(fields.request_binding).toBeNull();
    expect(differing(given, fields)).toEqual([]);
  });

  it("differs by a certificate, however the lines of it are broken, and by no order of them", () => {
    const fields = form();
    takeOver(givenBy(entityOf([BODIES.acme, BODIES.next]), "redirect"), fields);
    const reversed = givenBy(entityOf([BODIES.next, BODIES.acme]), "redirect");
    expect(differing(reversed, fields)).toEqual([]);
    fields.certificates = [pemOf(BODIES.acme).replaceAll("\n", "\r\n")];
    expect(differing(reversed, fields).map(({ path }) => path)).toEqual([
      "connection.certificates",
    ]);
    expect(differing(givenBy(entityOf([BODIES.acme]), "redirect"), fields)).toEqual([]);
  });

  it("that leaves a field open neither empties it nor differs in it", () => {
    const fields = { ...form(), sign_on_url: "https://a.example/sso" };
    const given = { issuer: "x", sign_on_url: "", request_binding: "redirect", certificates: [] };
    const gives = given as ReturnType<typeof givenBy>;
    expect(differing(gives, fields).map(({ path }) => path)).toEqual(["connection.issuer"]);
    takeOver(gives, fields);
    expect(fields.sign_on_url).toBe("https://a.example/sso");
  });
});
