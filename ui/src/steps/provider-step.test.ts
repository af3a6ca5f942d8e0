import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";

import { openStep, said } from "../../tests/open";
import { fakeHost } from "../host/fake";
import { catalogue } from "../host/fake/catalogue";

const radio = (name: RegExp) => screen.getByRole<HTMLInputElement>("radio", { name });

describe("the protocol", () => {
  it("that is recommended carries the service's reason; both say how long they take", async () => {
    await openStep("provider", { scenario: "saml" });
    const oidc = radio(/^OpenID Connect/).closest("label");
    expect(oidc?.textContent).toContain("Recommended");
    expect(oidc?.textContent).toContain("Torq recommends OpenID Connect");
    expect(radio(/^SAML 2.0/).checked).toBe(true);
    expect(radio(/^SAML 2.0/).closest("label")?.textContent).toMatch(/About \d+ minutes/);
  });

  it("decides what is needed, and what step 2 asks for", async () => {
    const { user } = await openStep("provider", { scenario: "saml" });
    expect(screen.getByRole("heading", { name: "With JumpCloud, by SAML 2.0" })).toBeTruthy();
    await user.click(radio(/^OpenID Connect/));
    expect(screen.getByRole("heading", { name: "With JumpCloud, by OpenID Connect" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Set up the connection" }));
    expect(screen.getByRole("textbox", { name: "Client ID" })).toBeTruthy();
    expect(screen.queryByText("Public certificate")).toBeNull();
  });

  it("and the provider bring the issuer that their guide chooses", async () => {
    const host = fakeHost({ scenario: "saml" });
    const { user } = await openStep("provider", {}, host);
    const issuer = async () => (await host.openWorkspace("w1")).draft.set_up.connection.issuer;
    await user.click(radio(/^OpenID Connect/));
    const same = "https://oauth.id.jumpcloud.com/";
    await waitFor(async () => expect(await issuer()).toBe(same));
    await user.click(radio(/^SAML 2.0/));
    await waitFor(async () => expect(await issuer()).toBe("JumpCloud"));
  });

  it("that a provider does not speak cannot be chosen; choosing the provider says which it brings", async () => {
    const host = fakeHost({ scenario: "saml" });
    const google = catalogue.providers.find(({ id }) => id === "google");
    if (!google) throw new Error("The catalogue has no Google.");
    const start = async () => {
      const begun = await fakeHost().start();
      const providers = begun.catalogue.providers.map((one) =>
        one.id === "google" ? { ...google, protocols: ["oidc" as const] } : one,
      );
      return { ...begun, resume: "w1", catalogue: { ...begun.catalogue, providers } };
    };
    const { user } = await openStep("provider", {}, { ...host, start });
    await user.click(radio(/^Google/));
    expect(radio(/^OpenID Connect/).checked).toBe(true);
    expect(radio(/^SAML 2.0/).disabled).toBe(true);
    expect(said()).toContain("OpenID Connect is chosen");
  });
});

describe("another service", () => {
  it("is described in the form, and its roles are those of step 3", async () => {
    const { host, user } = await openStep("provider", { scenario: "midway" });
    await user.selectOptions(screen.getByRole("combobox", { name: "Service" }), "Another service…");
    await user.type(screen.getByRole("textbox", { name: "Name of the service" }), "Ledger");
    await user.type(
      screen.getByRole("textbox", { name: "Login Redirect URL" }),
      "https://ledger.example/acs",
    );
    await user.type(screen.getByRole("textbox", { name: "Roles" }), "Boss\n\nClerk\n");
    await user.type(screen.getByRole("textbox", { name: "Without a role" }), "Guest");
    await user.tab();
    await waitFor(async () =>
      expect((await host.openWorkspace("w1")).draft.set_up.workspace.service).toEqual({
        name: "Ledger",
        login_redirect_url: "https://ledger.example/acs",
        audience: "",
        roles: ["Boss", "Clerk"],
        fallback: "Guest",
      }),
    );
    expect(screen.queryByRole("radio", { name: /Europe/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    expect(await screen.findByText("https://ledger.example/acs")).toBeTruthy();
  });

  it("comes back as it was described after a look at the built-in one", async () => {
    const { user } = await openStep("provider", { scenario: "midway" });
    const service = screen.getByRole("combobox", { name: "Service" });
    await user.selectOptions(service, "Another service…");
    await user.type(screen.getByRole("textbox", { name: "Name of the service" }), "Ledger");
    await user.selectOptions(service, "Torq");
    expect(screen.queryByRole("textbox", { name: "Name of the service" })).toBeNull();
    await user.selectOptions(service, "Another service…");
    const name = screen.getByRole<HTMLInputElement>("textbox", { name: "Name of the service" });
    expect(name.value).toBe("Ledger");
  });

  it("that is not described names each empty field", async () => {
    const { user } = await openStep("provider", { scenario: "midway" });
    await user.selectOptions(screen.getByRole("combobox", { name: "Service" }), "Another service…");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    const summary = await screen.findByRole("region", { name: /stand in the way/ });
    for (const name of ["Name of the service", "Roles", "Without a role"]) {
      expect(within(summary).getByRole("link", { name: new RegExp(`^${name}`) })).toBeTruthy();
    }
  });

  it("is saved as a file, and read from one into every field", async () => {
    const { user } = await openStep("provider", { scenario: "midway" });
    await user.selectOptions(screen.getByRole("combobox", { name: "Service" }), "Another service…");
    await user.click(screen.getByRole("button", { name: "Read one from a file" }));
    await waitFor(() => expect(said()).toContain("Acme Desk is read from the file."));
    const field = (name: string) => screen.getByRole<HTMLInputElement>("textbox", { name }).value;
    expect(field("Name of the service")).toBe("Acme Desk");
    expect(field("Roles")).toBe("Admin\nAgent");
    await user.click(screen.getByRole("button", { name: "Save this description" }));
    await waitFor(() => expect(said()).toMatch(/Written to .*latchkey-service\.json/));
  });
});
