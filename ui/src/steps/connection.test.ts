import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { openApp } from "../../tests/in-workspace";

const issuer = () => screen.getByRole("textbox", { name: "Issuer URL" });
const value = (input: HTMLElement) => (input as HTMLInputElement).value;

describe("the issuer", () => {
  it("is read when the field is left, and what was read is shown", async () => {
    const user = userEvent.setup();
    const { host } = await openApp({ scenario: "midway" });
    const discover = vi.spyOn(host, "discover");
    await user.clear(issuer());
    await user.type(issuer(), "https://acme.okta.com");
    await user.tab();
    expect(await screen.findByText("acme.okta.com says about itself")).toBeTruthy();
    expect(discover).toHaveBeenCalledWith(expect.any(String), "https://acme.okta.com");
  });

  it("that differs by a slash brings the mend, in one click", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "midway" });
    await user.clear(issuer());
    await user.type(issuer(), "https://acme.okta.com/");
    await user.tab();
    await user.click(await screen.findByRole("button", { name: "Use https://acme.okta.com" }));
    expect(value(issuer())).toBe("https://acme.okta.com");
    expect(await screen.findByText("acme.okta.com says about itself")).toBeTruthy();
    expect(issuer().getAttribute("aria-invalid")).toBeNull();
  });

  it.each([
    ["https://nowhere.example", /nowhere\.example/],
    ["https://missing.example", /missing\.example/],
    ["https://page.example", /page\.example/],
  ])("%s fails under a name, at the field", async (address, named) => {
    const user = userEvent.setup();
    await openApp({ scenario: "midway" });
    await user.clear(issuer());
    await user.type(issuer(), address);
    await user.tab();
    await waitFor(() => expect(issuer().getAttribute("aria-invalid")).toBe("true"));
    const said = document.getElementById(`${issuer().id}-found`)?.textContent ?? "";
    expect(said).toMatch(named);
    expect(issuer().getAttribute("aria-describedby")).toContain(`${issuer().id}-found`);
  });

  it("that was changed does not keep what the earlier one said", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "midway" });
    await screen.findByText("acme.eu.auth0.com says about itself");
    await user.type(issuer(), "x");
    expect(screen.queryByText("acme.eu.auth0.com says about itself")).toBeNull();
  });
});

describe("the client secret", () => {
  const field = () => screen.getByLabelText("Client secret");

  it("is masked, can be shown, and leaves the page once it is kept", async () => {
    const user = userEvent.setup();
    const { host, container } = await openApp({ scenario: "midway" });
    await user.type(field(), "s3cret-value");
    expect(field().getAttribute("type")).toBe("password");
    await user.click(screen.getByRole("button", { name: "Show the client secret" }));
    expect(field().getAttribute("type")).toBe("text");
    await user.click(screen.getByRole("button", { name: "Keep the client secret" }));
    expect(await screen.findByText("Kept in the keychain")).toBeTruthy();
    expect(container.innerHTML).not.toContain("s3cret-value");
    expect(await host.revealSecret((await host.home()).workspaces[0]?.id ?? "")).toBe(
      "s3cret-value",
    );
  });

  it("that is refused stays in its field, with the reason beside it", async () => {
    const user = userEvent.setup();
    const { host } = await openApp({ scenario: "midway" });
    await user.type(screen.getByRole("textbox", { name: "Client ID" }), "0oa1b2c3");
    await user.type(field(), "0oa1b2c3");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    const summary = await screen.findByRole("region", { name: /stand in the way|stands in/ });
    expect(summary.textContent).toContain("Client secret");
    expect(value(field())).toBe("0oa1b2c3");
    expect(field().getAttribute("aria-invalid")).toBe("true");
    expect((await host.openWorkspace("w1")).secret_kept).toBe(false);
  });

  it("can be pasted, without what came along", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "midway" });
    await user.click(field());
    await user.paste("  s3cret\u200b-value\n");
    expect(value(field())).toBe("s3cret-value");
    expect(screen.getByText(/invisible characters/)).toBeTruthy();
  });

  it("that is kept is shown only to who asks, and can be replaced", async () => {
    const user = userEvent.setup();
    const { container } = await openApp({ scenario: "tested" });
    await user.click(screen.getByRole("button", { name: "Set up the connection" }));
    expect(container.innerHTML).not.toContain("a-secret-of-the-fake");
    await user.click(screen.getByRole("button", { name: "Show the client secret" }));
    expect(await screen.findByText("a-secret-of-the-fake")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Hide the client secret" }));
    expect(container.innerHTML).not.toContain("a-secret-of-the-fake");
    await user.click(screen.getByRole("button", { name: "Replace the client secret" }));
    expect(document.activeElement).toBe(field());
  });
});

describe("Continue with empty fields", () => {
  it("moves the focus to a summary whose links lead to the fields", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "midway" });
    await user.click(screen.getByRole("button", { name: "Continue" }));
    const summary = await screen.findByRole("region", { name: /stand in the way/ });
    await waitFor(() => expect(document.activeElement).toBe(summary));
    const link = within(summary).getByRole("link", { name: /Client ID/ });
    await user.click(link);
    const field = screen.getByRole("textbox", { name: "Client ID" });
    expect(document.activeElement).toBe(field);
    const said = document.getElementById(`${field.id}-found`)?.textContent ?? "";
    expect(said).toContain(link.textContent?.trim().replace("Client ID: ", ""));
  });
});

it("an entry of a list is named in the summary, and its link leads to the field of the list", async () => {
  const user = userEvent.setup();
  await openApp({
    scenario: "midway",
    change: ({ set_up: { connection } }) => (connection.provider = "google"),
  });
  await user.click(screen.getByText("Scopes, flow and other choices"));
  const scopes = screen.getByRole("textbox", { name: "Requested scopes" });
  await user.clear(scopes);
  await user.type(scopes, "openid email groups");
  await user.click(screen.getByRole("button", { name: "Continue" }));
  const link = await screen.findByRole("link", { name: /Requested scopes, entry 3/ });
  await user.click(link);
  await waitFor(() => expect(document.activeElement).toBe(scopes));
  expect(scopes.getAttribute("aria-invalid")).toBe("true");
});

describe("the provider's steps", () => {
  it("follow the field that has the focus", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "midway" });
    await user.click(screen.getByRole("textbox", { name: "Client ID" }));
    const here = document.querySelector("aside [aria-current]");
    expect(here?.textContent).toContain("copy the Client ID");
  });

  it("carry code that can be copied once the client ID is filled in", async () => {
    const user = userEvent.setup();
    const { host } = await openApp({ scenario: "midway" });
    const copy = vi.spyOn(host, "copy").mockResolvedValue();
    expect(screen.getByRole("group", { name: "Code to paste" }).textContent).toContain("client_id");
    expect(screen.queryByRole("button", { name: "Copy Code to paste" })).toBeNull();
    await user.type(screen.getByRole("textbox", { name: "Client ID" }), "abc123");
    await user.click(screen.getByRole("button", { name: "Copy Code to paste" }));
    expect(copy.mock.lastCall?.[0]).toContain('event.client.client_id !== "abc123"');
    expect(screen.getByText("Copied", { selector: "[role=status]" })).toBeTruthy();
  });
});

it("a step takes the focus with its heading, and names the window", async () => {
  const user = userEvent.setup();
  await openApp({ scenario: "midway" });
  await user.click(screen.getByRole("button", { name: "Back" }));
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Choose a provider"));
  expect(document.title).toBe("Choose a provider · Acme Security · Latchkey");
});
