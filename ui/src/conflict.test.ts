import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { openApp } from "../tests/in-workspace";
import { differences } from "./differences";

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
