import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { openApp } from "../tests/in-workspace";
import { said } from "../tests/open";
import { differences } from "./differences";
import type { Draft } from "./wire";

async function conflicted() {
  const user = userEvent.setup();
  const { host, start } = await openApp({ scenario: "midway" });
  const id = start.resume ?? "";
  const other = await host.openWorkspace(id);
  other.draft.set_up.connection.client_id = "theirs";
  await host.keep(id, other.version, other.draft);
  const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Client ID" });
  await user.type(field(), "mine");
  const dialog = await screen.findByRole("dialog", { name: /changed elsewhere/ });
  const kept = async () => (await host.openWorkspace(id)).draft.set_up.connection.client_id;
  return { user, dialog, field, kept };
}

it("shows what was typed beside what is there now", async () => {
  const { dialog, kept } = await conflicted();
  const row = within(dialog).getByRole("row", { name: /Client ID/ });
  expect(row.textContent).toMatch(/mine.*theirs/);
  expect(await kept()).toBe("theirs");
});

async function together() {
  const user = userEvent.setup();
  const { host, start } = await openApp({ scenario: "midway" });
  const id = start.resume ?? "";
  const other = async (change: (draft: Draft) => void) => {
    const { version, draft } = await host.openWorkspace(id);
    change(draft);
    await host.keep(id, version, draft);
  };
  const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Client ID" });
  return { user, host, id, other, field };
}

it("another step that was opened elsewhere is no conflict", async () => {
  const { user, host, id, other, field } = await together();
  await other((draft) => (draft.step = "provider"));
  await user.type(field(), "mine");
  await waitFor(async () => {
    const { draft } = await host.openWorkspace(id);
    expect(draft.set_up.connection.client_id).toMatch(/mine$/);
  });
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("coming back to the window shows what was changed elsewhere, at the step that is open, and says so", async () => {
  const { other, field } = await together();
  await other((draft) => {
    draft.set_up.connection.client_id = "theirs";
    draft.step = "provider";
  });
  expect(field().value).not.toBe("theirs");
  window.dispatchEvent(new Event("focus"));
  await waitFor(() => expect(said()).toContain("This workspace was changed elsewhere."));
  await waitFor(() => expect(field().value).toBe("theirs"));
  expect(screen.getByText("Changed elsewhere, and loaded here")).toBeTruthy();
});

it("coming back to the window takes nothing of what is typed here", async () => {
  const { user, other, field } = await together();
  await other((draft) => (draft.set_up.connection.client_id = "theirs"));
  await user.type(field(), "mine");
  window.dispatchEvent(new Event("focus"));
  const dialog = await screen.findByRole("dialog", { name: /changed elsewhere/ });
  expect(within(dialog).getByRole("row", { name: /Client ID/ }).textContent).toMatch(/mine/);
});

it("loads the newer state into the fields", async () => {
  const { user, field, kept } = await conflicted();
  await user.click(screen.getByRole("button", { name: "Load the newer state" }));
  await waitFor(() => expect(field().value).toBe("theirs"));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(await kept()).toBe("theirs");
});

it("keeps what was typed, when that is what was chosen", async () => {
  const { user, field, kept } = await conflicted();
  await user.click(screen.getByRole("button", { name: "Keep what is typed here" }));
  await waitFor(async () => expect(await kept()).toBe("mine"));
  expect(field().value).toBe("mine");
});

it("differences are told leaf by leaf, things that came and went included", () => {
  const rule = { claim: "email", value: "a@b.example", role: "Owner" };
  expect(differences({ rules: [rule], a: { b: "1" } }, { rules: [], a: { b: "2" } })).toEqual([
    { path: "rules[0].claim", here: "email", there: "" },
    { path: "rules[0].value", here: "a@b.example", there: "" },
    { path: "rules[0].role", here: "Owner", there: "" },
    { path: "a.b", here: "1", there: "2" },
  ]);
});
