import { screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { describe, expect, test } from "vitest";

import { openApp } from "../../tests/in-workspace";
import { openStep, said } from "../../tests/open";

describe("a whole workspace", () => {
  test("says what it would change before it is imported, and opens then", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "empty" });
    await user.click(screen.getByRole("button", { name: "Import a whole workspace" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText("A new workspace is made from practice.whole.json.")).toBeTruthy();
    expect(dialog.getByText(/2 revisions come/)).toBeTruthy();
    expect(dialog.getByText(/olivia@acme.example and bob@acme.example.*nothing here/)).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: "Import it" }));
    await screen.findByRole("heading", { level: 1, name: "Choose a provider" });
  });

  test("that is not wanted changes nothing", async () => {
    const user = userEvent.setup();
    const { host } = await openApp({ scenario: "empty" });
    await user.click(screen.getByRole("button", { name: "Import a whole workspace" }));
    await user.click(await screen.findByRole("button", { name: "Not now" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect((await host.home()).workspaces).toEqual([]);
  });

  test("is exported from the history, and is said to hold personal data", async () => {
    const { user } = await openStep("save", { scenario: "saved" });
    await user.click(screen.getAllByRole("button", { name: "History" })[0] as HTMLElement);
    const region = within(
      await screen.findByRole("region", { name: "The whole workspace as one file" }),
    );
    expect(region.getByText(/names, addresses and groups of everyone tested/)).toBeTruthy();
    await user.click(region.getByRole("button", { name: "Export the whole workspace" }));
    expect(await region.findByText("Written to acme.whole.json.")).toBeTruthy();
    expect(said()).toContain("Written to acme.whole.json.");
  });
});
