import { screen, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { openStep, said } from "../../tests/open";
import { fakeHost } from "../host/fake";
import type { Host } from "../host";

/** A workspace with one proved revision and a draft that has another rule since. */
async function changed(): Promise<Host> {
  const host = fakeHost({ scenario: "saved" });
  const { version, draft } = await host.openWorkspace("w1");
  draft.set_up.rules?.push({ claim: "groups", value: "Night", role: "Viewer" });
  draft.set_up.connection.client_id = "0oaOther";
  await host.keep("w1", version, draft);
  return host;
}

async function open(host: Host) {
  const opened = await openStep("save", {}, host);
  await opened.user.click(screen.getAllByRole("button", { name: "History" })[0] as HTMLElement);
  await screen.findByRole("heading", { level: 1, name: "History" });
  return opened;
}

describe("the history", () => {
  test("takes focus, and says what changed since it last worked", async () => {
    await open(await changed());
    expect(document.activeElement?.textContent).toBe("History");
    const region = await screen.findByRole("region", { name: "Since it last worked" });
    const rows = within(region).getAllByRole("row");
    expect(rows.map(({ textContent }) => textContent).join(" ")).toMatch(
      /Client ID.*0oaOther.*Rule 4, added.*groups is Night → Viewer/,
    );
  });

  test("names who proved a revision, by whom it was saved, and whether the draft is it", async () => {
    await open(fakeHost({ scenario: "saved" }));
    const region = await screen.findByRole("region", { name: "Revisions" });
    expect(within(region).getByText(/Proved by olivia@acme.example/)).toBeTruthy();
    expect(within(region).getByText(/by olivia$/)).toBeTruthy();
    expect(within(region).getByText("The draft is exactly this.")).toBeTruthy();
    expect(screen.getByText(/Nothing has changed since revision 1/)).toBeTruthy();
  });

  test("compares any two states that are chosen", async () => {
    const { user } = await open(await changed());
    const region = await screen.findByRole("region", { name: "Compare two states" });
    expect((await within(region).findAllByRole("row")).length).toBe(3);
    await user.selectOptions(within(region).getByLabelText("Later state"), "Revision 1");
    expect(await within(region).findByText("They do not differ.")).toBeTruthy();
  });

  test("restores a revision as a new one, after it has said what changes and what is replaced", async () => {
    const host = await changed();
    const { user } = await open(host);
    await user.click(await screen.findByRole("button", { name: "Restore revision 1" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText(/changes that are not saved. They are replaced/)).toBeTruthy();
    expect(await dialog.findByText("Client ID")).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: "Restore revision 1" }));
    expect(await screen.findByText("Restored from revision 1")).toBeTruthy();
    expect(said()).toContain("Revision 2 is made from revision 1");
    expect(document.activeElement?.textContent).toBe("History");
    const { draft } = await host.openWorkspace("w1");
    expect(draft.set_up.connection.client_id).toBe("0oa1b2c3d4E5F6g7H8i9");
    expect(await host.revisions("w1")).toHaveLength(2);
  });

  test("that the program refuses to restore says why, and keeps the dialog", async () => {
    const host = await changed();
    const refusal = {
      code: "store_failed",
      severity: "error" as const,
      path: null,
      what: "What you entered could not be kept: the disk is full.",
      do: "Make room on the disk.",
      data: {},
    };
    const { user } = await open({ ...host, restoreRevision: () => Promise.reject(refusal) });
    await user.click(await screen.findByRole("button", { name: "Restore revision 1" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Restore revision 1" }));
    expect(await dialog.findByText(refusal.what)).toBeTruthy();
  });

  test("leads back to the step, and any step of the rail closes it", async () => {
    const { user } = await open(fakeHost({ scenario: "saved" }));
    await user.click(screen.getByRole("button", { name: "Back to Check and save" }));
    await screen.findByRole("heading", { level: 1, name: "Check and save" });
    await user.click(screen.getAllByRole("button", { name: "History" })[0] as HTMLElement);
    await screen.findByRole("heading", { level: 1, name: "History" });
    const rail = within(screen.getByRole("navigation", { name: "Steps" }));
    await user.click(rail.getByRole("button", { name: "Map claims" }));
    await screen.findByRole("heading", { level: 1, name: "Map claims to roles" });
  });
});
