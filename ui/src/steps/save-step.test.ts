import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { openStep, said } from "../../tests/open";
import type { Host } from "../host";
import { fakeHost, type Scenario } from "../host/fake";
import type { Draft } from "../wire";

/** A host whose first workspace stands at Check and save. */
async function atSave(
  scenario: Scenario,
  change: (draft: Draft) => void = () => {},
): Promise<Host> {
  const host = fakeHost({ scenario });
  const { version, draft } = await host.openWorkspace("w1");
  Object.assign(draft, { step: "save", reached: "save" });
  change(draft);
  await host.keep("w1", version, draft);
  return host;
}

async function open(scenario: Scenario, change?: (draft: Draft) => void) {
  return openStep("save", {}, await atSave(scenario, change));
}

describe("saving", () => {
  test("with the whole proof needs no reason, and says which revision it made", async () => {
    const { host, user } = await open("tested");
    expect(screen.getByText("All conditions are met.")).toBeTruthy();
    expect(screen.queryByLabelText("Why it is saved all the same")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Save revision 1" }));
    const saved = await screen.findByRole("heading", { name: "Revision 1 is saved" });
    expect(document.activeElement).toBe(saved);
    expect(said()).toContain("Revision 1 is saved.");
    expect(await host.revisions("w1")).toHaveLength(1);
    expect(screen.getByRole("button", { name: "Continue" })).toBeTruthy();
  });

  test("names the region where that is what changed since the test", async () => {
    await open("tested", (draft) => (draft.set_up.workspace.region = "eu"));
    expect(screen.getAllByText(/^Changed since the latest test: Region\. /)).toHaveLength(2);
  });

  test("without the proof wants a reason of a sentence, and keeps it with the revision", async () => {
    const { host, user } = await open("failing", (draft) => draft.set_up.rules?.splice(3));
    const reason = screen.getByLabelText("Why it is saved all the same");
    await user.type(reason, "because");
    await user.click(screen.getByRole("button", { name: "Save revision 1" }));
    expect(document.activeElement).toBe(reason);
    expect(reason.getAttribute("aria-invalid")).toBe("true");
    expect(await host.revisions("w1")).toHaveLength(0);
    await user.type(reason, " the provider is down until Monday.");
    await user.click(screen.getByRole("button", { name: "Save revision 1" }));
    await screen.findByRole("heading", { name: "Revision 1 is saved" });
    expect((await host.revisions("w1"))[0]?.reason).toBe(
      "because the provider is down until Monday.",
    );
    expect(await screen.findByText(/with a written reason, not with the proof/)).toBeTruthy();
  });

  test("with a field that cannot hold is not excused by any reason, and leads to the condition", async () => {
    const { host, user } = await open("tested", (draft) => {
      draft.set_up.connection.client_id = "";
    });
    expect(screen.queryByLabelText("Why it is saved all the same")).toBeNull();
    expect(screen.getByText("In the way: Every field of the connection holds")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Save revision 1" }));
    expect(document.activeElement?.id).toBe("gate-fields_hold");
    expect(await host.revisions("w1")).toHaveLength(0);
  });

  test("that the program refuses shows its finding", async () => {
    const host = await atSave("tested");
    const refusal = {
      code: "store_failed",
      severity: "error" as const,
      path: null,
      what: "What you entered could not be kept: the disk is full.",
      do: "Make room on the disk.",
      data: {},
    };
    const { user } = await openStep(
      "save",
      {},
      {
        ...host,
        saveRevision: () => Promise.reject(refusal),
      },
    );
    await user.click(screen.getByRole("button", { name: "Save revision 1" }));
    expect(await screen.findByText(refusal.what)).toBeTruthy();
    expect(screen.queryByRole("heading", { name: /is saved/ })).toBeNull();
  });
});

describe("the conditions", () => {
  test("name the person, the time and the role that prove them", async () => {
    await open("tested");
    expect(
      screen.getByText(
        /olivia@acme.example signed in on .* It gives the role Owner, as expected\./,
      ),
    ).toBeTruthy();
  });

  test("say what changed since the latest test, and lead to a new one", async () => {
    const { user } = await open("tested", (draft) => {
      draft.set_up.connection.client_id = "0oaOther";
    });
    expect(screen.getAllByText(/Changed since the latest test: Client ID\./)).toHaveLength(2);
    const page = within(screen.getByRole("main"));
    await user.click(page.getByRole("button", { name: "Test the sign-in" }));
    await screen.findByRole("heading", { level: 1, name: "Test the sign-in" });
  });
});

describe("Change", () => {
  test("goes to the field, and Continue comes straight back", async () => {
    const { user } = await open("tested");
    await user.click(screen.getByRole("button", { name: "Change: Client ID" }));
    await screen.findByRole("heading", { level: 1, name: "Set up the connection" });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Client ID")));
    expect(screen.getByText("Next: Check and save")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await screen.findByRole("heading", { level: 1, name: "Check and save" });
  });

  test("is forgotten once another way is taken", async () => {
    const { user } = await open("tested");
    await user.click(screen.getByRole("button", { name: "Change: Client ID" }));
    await screen.findByRole("heading", { level: 1, name: "Set up the connection" });
    const rail = within(screen.getByRole("navigation", { name: "Steps" }));
    await user.click(rail.getByRole("button", { name: "Map claims" }));
    await screen.findByRole("heading", { level: 1, name: "Map claims to roles" });
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await screen.findByRole("heading", { level: 1, name: "Test the sign-in" });
  });
});
