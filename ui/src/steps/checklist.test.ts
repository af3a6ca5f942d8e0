import { screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { openApp } from "../../tests/in-workspace";
import { fakeHost } from "../host/fake";
import { comparedOf, isDoubtful } from "../guide";
import { connection } from "../words/connection";

describe("the list for the provider's administrator", () => {
  it("shows both sides, and is copied, saved and printed", async () => {
    const user = userEvent.setup();
    const { host } = await openApp({ scenario: "midway" });
    const copy = vi.spyOn(host, "copy").mockResolvedValue();
    const print = vi.spyOn(host, "print").mockResolvedValue();
    await user.click(screen.getByRole("button", { name: /^Send this list/ }));
    const list = within(await screen.findByRole("dialog"));
    expect(document.activeElement?.tagName).toBe("H2");
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

it("says how many steps somebody has compared, and a day only of those", async () => {
  const { catalogue } = await fakeHost().start();
  const said = (id: string, protocol: "oidc" | "saml") => {
    const provider = catalogue.providers.find((one) => one.id === id);
    const steps = provider?.[protocol]?.steps;
    if (!provider || !steps) throw new Error(`The catalogue has no ${id}.`);
    return connection.guide.checked(comparedOf(steps, provider));
  };
  expect(said("okta", "oidc")).toMatch(/^12 of 13 steps .* 2026/);
  expect(said("google", "saml")).toMatch(/^Not checked/);
  expect(connection.guide.checked({ done: 3, of: 3, day: "1 May 2026" })).toBe(
    "Checked against its documentation on 1 May 2026.",
  );
  expect(isDoubtful({ source: null }, { done: 0, of: 3, day: "" })).toBe(false);
  expect(isDoubtful({ source: null }, { done: 1, of: 3, day: "" })).toBe(true);
});
