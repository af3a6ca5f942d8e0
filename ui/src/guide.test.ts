import { describe, expect, it } from "vitest";

import { offers } from "./flows";
import { codeOf, leadFor, turnTo } from "./guide";
import { discovery } from "./host/fake/discover";
import { catalogue } from "./host/fake/catalogue";
import { told } from "./host/fake/told";
import { offerOf } from "./offers";
import type { ConnectionFields } from "./wire";
import { idOf, stepOf, STEPS } from "./steps";

describe("the guide", () => {
  it("of a provider without one is the guide for any provider", () => {
    const without = catalogue.providers.find(({ oidc }) => !oidc);
    const lead = leadFor(catalogue, without?.id ?? "");
    expect(lead.provider).toBe(without);
    expect(lead.guide).toBe(catalogue.providers.find(({ id }) => id === "other")?.oidc);
    expect(lead.own).toBe(false);
  });

  it("fills values into code, and leaves no way out of the quotes", () => {
    const step = { text: "", field: null, code: 'id !== "{client_id}" // {login_redirect_url}' };
    const values = { client_id: 'x"; evil("', login_redirect_url: "" };
    expect(codeOf(step, values)).toBe('id !== "x\\"; evil(\\"" // {login_redirect_url}');
  });

  it("chooses an issuer, which comes and goes with provider and protocol; a typed one stays", () => {
    const form: ConnectionFields = { protocol: "saml", provider: "okta", issuer: "" };
    const after = (to: Parameters<typeof turnTo>[2]) => {
      turnTo(catalogue, form, to);
      return form.issuer;
    };
    expect(after({ provider: "jumpcloud" })).toBe("JumpCloud");
    expect(after({ protocol: "oidc" })).toBe("https://oauth.id.jumpcloud.com/");
    expect(after({ provider: "google" })).toBe("https://accounts.google.com");
    expect(after({ provider: "keycloak" })).toBe("");
    expect(after({ protocol: "saml", provider: "jumpcloud" })).toBe("JumpCloud");
    expect(after({ provider: "okta" })).toBe("");
    form.issuer = "http://www.okta.com/exk1";
    expect(after({ provider: "jumpcloud" })).toBe("http://www.okta.com/exk1");
    expect(after({ protocol: "oidc", provider: "auth0" })).toBe("http://www.okta.com/exk1");
  });

  it("leaves no gap in any provider's code", () => {
    const values = { client_id: "a", login_redirect_url: "https://a.example/", audience: "a" };
    const guides = catalogue.providers.flatMap(({ oidc, saml }) => [oidc, saml]);
    const codes = guides.flatMap((guide) => guide?.steps.map((step) => codeOf(step, values)) ?? []);
    expect(codes.filter(Boolean)).not.toHaveLength(0);
    for (const code of codes) expect(code ?? "").not.toMatch(/\{\w+\}/);
  });
});

describe("flows", () => {
  const document = discovery("https://id.acme.example");

  it("follow what the provider says it offers", () => {
    const said = { ...document, response_types: ["code", "code id_token"] };
    expect(offers(said, "code")).toBe(true);
    expect(offers(said, "implicit")).toBe(false);
  });

  it("are all open while it says nothing", () => {
    for (const silent of [null, { ...document, response_types: [] }]) {
      expect(offers(silent, "code") && offers(silent, "implicit")).toBe(true);
    }
  });
});

it("a mend is offered only where the finding brings the value", () => {
  expect(offerOf([told("issuer_differs", { expected: "a", received: "b" })])).toBe("b");
  expect(offerOf([told("issuer_differs")])).toBeNull();
  expect(offerOf([told("audience_differs", { expected: "a", received: "b" })])).toBeNull();
});

it("every path of a finding has its step and an id without dots", () => {
  for (const [path, step] of [
    ["workspace.owner_email", "provider"],
    ["connection.provider", "provider"],
    ["connection.issuer", "connection"],
    ["rules", "claims"],
    ["rules[3].value", "claims"],
  ] as const) {
    expect(stepOf(path)).toBe(step);
    expect(STEPS).toContain(step);
    expect(idOf(path)).toMatch(/^at-[a-z0-9_-]+$/);
  }
  expect(stepOf(null)).toBeNull();
});
