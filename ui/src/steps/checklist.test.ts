import { screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { openApp } from "../../tests/in-workspace";
import { fakeHost } from "../host/fake";
import { checkedOn } from "../guide";

describe("the list for the provider's administrator", () => {
  it("shows both sides, and is copied, saved and printed", async () => {
    const user = userEvent.setup();
    const { host } = await openApp({ scenario: "midway" });
    const copy = vi.spyOn(host, "copy").mockResolvedValue();
    const print = vi.spyOn(host, "print").mockResolvedValue();
    await user.click(screen.getByRole("button", { name: /^Send this list/ }));
    const list = within(await screen.findByRole("dialog"));
    expect(list.getByRole("heading", { name: "Values to paste into the console" })).toBeTruthy();
    expect(list.getByRole("heading", { name: "Values to send back" })).toBeTruthy();
    expect(list.getAllByText(/__\/auth\/handler/).length).toBeGreaterThan(0);
    await user.click(list.getByRole("button", { name: "Copy as text" }));
    expect(await list.findByText("The list is copied.")).toBeTruthy();
    expect(copy.mock.calls[0]?.[0]).toContain("# Single sign-on");
    await user.click(list.getByRole("button", { name: "Save as a file" }));
    expect(await list.findByText(/^Written to /)).toBeTruthy();
    await user.click(list.getByRole("button", { name: "Print" }));
    expect(print).toHaveBeenCalledOnce();
    await user.click(list.getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

it("says a day only of steps that somebody has compared", async () => {
  const { catalogue } = await fakeHost().start();
  const okta = catalogue.providers.find(({ id }) => id === "okta");
  if (!okta) throw new Error("The catalogue has no Okta.");
  expect(checkedOn(okta, "oidc")).toMatch(/2026/);
  expect(checkedOn(okta, "saml")).toBeNull();
});
