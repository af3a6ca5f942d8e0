import { screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { openApp } from "../../tests/in-workspace";
import { told } from "../host/fake/told";

describe("an empty home", () => {
  it("offers the practice provider, which opens with everything filled in", async () => {
    const user = userEvent.setup();
    await openApp();
    await user.click(screen.getByRole("button", { name: "Try it with the practice provider" }));
    const name = await screen.findByRole("textbox", { name: "Workspace name" });
    expect((name as HTMLInputElement).value).not.toBe("");
  });

  it("stays as it is when no file was chosen", async () => {
    const user = userEvent.setup();
    const { host } = await openApp();
    vi.spyOn(host, "importSetUp").mockResolvedValue(null);
    await user.click(screen.getByRole("button", { name: "Import a set-up file" }));
    expect(screen.getByRole("heading", { level: 1 }).textContent).toMatch(/without locking/);
  });

  it("says why a file could not be read", async () => {
    const user = userEvent.setup();
    const { host } = await openApp();
    const finding = { ...told("x"), what: "The file is not a set-up.", do: "Choose another." };
    vi.spyOn(host, "importSetUp").mockRejectedValue(finding);
    await user.click(screen.getByRole("button", { name: "Import a set-up file" }));
    expect((await screen.findByRole("alert")).textContent).toContain("The file is not a set-up.");
  });
});

it("nobody leaves a workspace with something that could not be kept", async () => {
  const user = userEvent.setup();
  await openApp({ scenario: "midway" });
  await user.click(screen.getByRole("button", { name: "Back" }));
  const name = await screen.findByRole("textbox", { name: "Workspace name" });
  await user.clear(name);
  await user.type(name, "Acme Research");
  await user.click(screen.getByRole("button", { name: "All workspaces" }));
  await waitFor(() => expect(document.activeElement).toBe(name));
  expect(name.getAttribute("aria-invalid")).toBe("true");
  expect((name as HTMLInputElement).value).toBe("Acme Research");
});

it("Back leads from the first step to the home page", async () => {
  const user = userEvent.setup();
  await openApp();
  await user.click(screen.getByRole("button", { name: "Try it with the practice provider" }));
  await screen.findByRole("heading", { level: 1, name: "Choose a provider" });
  await user.click(screen.getByRole("button", { name: "Back" }));
  expect(await screen.findByRole("button", { name: "New workspace" })).toBeTruthy();
});

describe("the list of workspaces", () => {
  async function atHome() {
    const user = userEvent.setup();
    const app = await openApp({ scenario: "saved" });
    await user.click(screen.getByRole("button", { name: "All workspaces" }));
    await screen.findByRole("heading", { name: "Workspaces" });
    return { user, ...app };
  }

  it("says the state of each in words", async () => {
    await atHome();
    const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
    expect(rows.join()).toMatch(/Acme Research.*Saved.*Revision 1/s);
    expect(rows.join()).toMatch(/Acme Security.*Draft/s);
  });

  it("says when a certificate ends, and marks one that ends within the month", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "enforced" });
    await user.click(screen.getByRole("button", { name: "All workspaces" }));
    await screen.findByRole("heading", { name: "Workspaces" });
    const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
    expect(rows.find((row) => row?.includes("Acme Labs"))).toMatch(
      /Certificate ends in 2[01] days/,
    );
    const later = rows.findIndex((row) => row?.includes("Acme Research"));
    expect(rows[later]).toMatch(/Enforced.*Client secret ends on/s);
    expect(later).toBeGreaterThan(rows.findIndex((row) => row?.includes("Acme Labs")));
  });

  it("offers the practice provider by both protocols", async () => {
    const { user, host } = await atHome();
    const create = vi.spyOn(host, "createPractice");
    const name = "Practise with SAML 2.0";
    await user.click(screen.getByRole("button", { name }));
    expect(create).toHaveBeenCalledWith("saml");
  });

  it("deletes only after it was asked twice", async () => {
    const { user, host } = await atHome();
    const remove = vi.spyOn(host, "deleteWorkspace");
    const ask = () => user.click(screen.getByRole("button", { name: "Delete Acme Security" }));
    await ask();
    await user.click(screen.getByRole("button", { name: "Keep it" }));
    expect(remove).not.toHaveBeenCalled();
    await ask();
    const dialog = screen.getByRole("dialog");
    expect(dialog.textContent).toContain("cannot be undone");
    await user.click(screen.getAllByRole("button", { name: "Delete Acme Security" }).at(-1)!);
    await waitFor(() => expect(screen.queryByText("Acme Security")).toBeNull());
    expect(document.activeElement?.tagName).toBe("H1");
  });
});
