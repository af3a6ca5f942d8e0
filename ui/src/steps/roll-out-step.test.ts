import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { openStep, said } from "../../tests/open";
import { whyOf } from "../gate/evidence";
import type { Host } from "../host";
import { fakeHost } from "../host/fake";
import type { Condition, Draft } from "../wire";

const ENFORCE = { name: "Enforce for Acme Research" };
const BACKUP = "backup@acme.example";

/** A saved workspace with a backup account: everything holds, but for what `change` takes away. */
async function ready(change: (draft: Draft) => void = () => {}): Promise<Host> {
  const host = fakeHost({ scenario: "saved" });
  const { version, draft } = await host.openWorkspace("w1");
  draft.backup_account = BACKUP;
  change(draft);
  await host.keep("w1", version, draft);
  return host;
}

const condition = (name: Condition) =>
  document.getElementById(`gate-${name}`)?.textContent?.replace(/\s+/g, " ") ?? "";

const dialog = () => within(screen.getByRole("dialog"));

describe("the conditions for enforcing", () => {
  test("each name their evidence", async () => {
    await openStep("roll_out", {}, await ready());
    expect(condition("saved")).toContain("It is revision 1");
    expect(condition("owner_keeps_highest_role")).toMatch(
      /olivia@acme.example signed in on .*Owner/,
    );
    expect(condition("second_person")).toMatch(/bob@acme.example .* Contributor, as expected/);
    expect(condition("owner_rule_in_place")).toContain("Rule 1");
    expect(condition("credentials_last")).toContain("ends on 28 February 2031");
    expect(condition("backup_account")).toContain(BACKUP);
    expect(screen.getByText("All conditions are met.")).toBeTruthy();
  });

  test("ask for the last day of a secret that surely ends", async () => {
    const host = await ready(({ set_up: { connection } }) => {
      connection.provider = "entra";
      delete connection.client_secret_expires;
    });
    const { user } = await openStep("roll_out", {}, host);
    const owed = within(document.getElementById("gate-credentials_last") as HTMLElement);
    expect(owed.getByText(/Every client secret of this provider ends/)).toBeTruthy();
    await user.click(owed.getByRole("button", { name: "Go to the connection" }));
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByLabelText("Client secret's last day")),
    );
  });

  test("say what the way of a sign-in does not prove", async () => {
    const desk = await (await ready()).openWorkspace("w1");
    const met = desk.enforce_gate.conditions.find((one) => one.condition === "second_person");
    const test = desk.tests.find((one) => one.evidence.id === met?.evidence);
    if (!met || !test) throw new Error("the second person is tested");
    expect(whyOf(met, desk)).not.toContain("fresh");
    test.evidence.way = "browser";
    expect(whyOf(met, desk)).toContain("that this was a fresh one cannot be proved there.");
    test.evidence.way = "file";
    expect(whyOf(met, desk)).toContain("The answer was brought in a file.");
  });

  test("that are not met lead to where they can be met, and straight back", async () => {
    const host = await ready();
    for (const { evidence, owner } of (await host.openWorkspace("w1")).tests) {
      if (!owner) await host.forgetTest("w1", evidence.id);
    }
    const { user } = await openStep("roll_out", {}, host);
    await user.click(screen.getByRole("button", { name: "Test a second person" }));
    await screen.findByRole("heading", { level: 1, name: "Test the sign-in" });
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await screen.findByRole("heading", { level: 1, name: "Roll out" });
  });

  test("are not met by a backup account that uses single sign-on itself", async () => {
    const { user } = await openStep("roll_out", { scenario: "saved" });
    const field = screen.getByLabelText("Backup account");
    await user.type(field, "Bob@acme.example");
    expect(
      await screen.findByText("This address has signed in through the provider."),
    ).toBeTruthy();
    expect(condition("backup_account")).toContain("Not met");
    await user.clear(field);
    await user.type(field, BACKUP);
    await waitFor(() => expect(condition("backup_account")).not.toContain("Not met"));
  });

  test("that no reason stands in for are shown before anything is asked", async () => {
    const host = await ready((draft) => draft.set_up.rules?.pop());
    const { user } = await openStep("roll_out", {}, host);
    expect(screen.getByText("In the way: The set-up is saved as it is")).toBeTruthy();
    await user.click(screen.getByRole("button", ENFORCE));
    await waitFor(() => expect(document.activeElement?.id).toBe("gate-saved"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("enforcing", () => {
  test("wants the workspace's name, then says since when and by whom, and can be taken back", async () => {
    const { host, user } = await openStep("roll_out", {}, await ready());
    await user.click(screen.getByRole("button", ENFORCE));
    await screen.findByRole("dialog");
    const name = dialog().getByLabelText("Workspace name");
    await waitFor(() => expect(document.activeElement).toBe(name));
    expect(dialog().queryByLabelText("Why it is enforced all the same")).toBeNull();
    expect(dialog().getByText(new RegExp(`but for the backup account ${BACKUP}`))).toBeTruthy();
    await user.type(name, "Acme{Enter}");
    expect(name.getAttribute("aria-invalid")).toBe("true");
    expect((await host.openWorkspace("w1")).draft.enforced ?? null).toBeNull();
    await user.type(name, " Research{Enter}");
    const title = { name: "Single sign-on is declared the only way in for Acme Research" };
    const heading = await screen.findByRole("heading", title);
    await waitFor(() => expect(document.activeElement).toBe(heading));
    expect(said()).toContain("Single sign-on is enforced for Acme Research.");
    expect(screen.getByText(/declared by olivia, with revision 1/)).toBeTruthy();
    expect((await host.openWorkspace("w1")).state).toBe("enforced");
    expect(screen.queryByRole("button", ENFORCE)).toBeNull();
    await user.click(screen.getByRole("button", { name: "Allow other ways in again" }));
    await waitFor(() => expect(screen.queryByRole("heading", title)).toBeNull());
    expect((await host.openWorkspace("w1")).state).toBe("saved");
  });

  test("with a condition open wants a written reason, which is kept and shown", async () => {
    const host = await ready((draft) => (draft.backup_account = ""));
    const { user } = await openStep("roll_out", {}, host);
    await user.click(screen.getByRole("button", ENFORCE));
    await screen.findByRole("dialog");
    expect(dialog().getByText("A backup account is named")).toBeTruthy();
    expect(dialog().queryByText(/but for the backup account/)).toBeNull();
    const reason = dialog().getByLabelText("Why it is enforced all the same");
    await user.type(dialog().getByLabelText("Workspace name"), "Acme Research");
    await user.click(dialog().getByRole("button", ENFORCE));
    expect(reason.getAttribute("aria-invalid")).toBe("true");
    expect((await host.openWorkspace("w1")).draft.enforced ?? null).toBeNull();
    await user.type(reason, "The backup account is made on Monday.");
    await user.click(dialog().getByRole("button", ENFORCE));
    expect(await screen.findByText(/The backup account is made on Monday\./)).toBeTruthy();
  });

  test("that the program refuses says so in the dialog, which stays open", async () => {
    const refusal = {
      code: "store_failed",
      severity: "error" as const,
      path: null,
      what: "It could not be kept: the disk is full.",
      do: "Make room on the disk.",
      data: {},
    };
    const { user } = await openStep(
      "roll_out",
      {},
      { ...(await ready()), enforce: () => Promise.reject(refusal) },
    );
    await user.click(screen.getByRole("button", ENFORCE));
    await screen.findByRole("dialog");
    await user.type(dialog().getByLabelText("Workspace name"), "Acme Research{Enter}");
    expect(await dialog().findByText(refusal.what)).toBeTruthy();
    expect(screen.queryByRole("heading", { name: /is declared the only way in/ })).toBeNull();
  });

  test("is said to be behind once the draft is another one", async () => {
    const host = fakeHost({ scenario: "enforced" });
    const { version, draft } = await host.openWorkspace("w1");
    draft.set_up.rules?.pop();
    await host.keep("w1", version, draft);
    await openStep("roll_out", {}, host);
    expect(screen.getByText("Changed since")).toBeTruthy();
    expect(screen.getByRole("button", ENFORCE)).toBeTruthy();
  });

  test("is not offered for a workspace of practice, and says why", async () => {
    const host = fakeHost();
    const { id, version, draft } = await host.createPractice("oidc");
    Object.assign(draft, { step: "roll_out", reached: "roll_out" });
    await host.keep(id, version, draft);
    const start = await host.start();
    const begin = () => Promise.resolve({ ...start, resume: id });
    await openStep("roll_out", {}, { ...host, start: begin });
    expect(screen.getByText("A practice workspace is not enforced")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Enforce for/ })).toBeNull();
    expect(screen.queryByText("Roll-out list")).toBeNull();
  });
});

test("who gets what names everyone tested, the backup account and everyone else", async () => {
  await openStep("roll_out", {}, await ready());
  const table = within(screen.getByRole("group", { name: "What happens to whom" }));
  const rows = table.getAllByRole("row").map((row) => row.textContent?.replace(/\s+/g, " ").trim());
  expect(rows.slice(1)).toEqual([
    expect.stringMatching(/olivia@acme.example Owner.*Owner.*Rule 1/),
    expect.stringMatching(/bob@acme.example.*Contributor.*Rule 2/),
    expect.stringMatching(/backup@acme.example.*As it is/),
    expect.stringMatching(/Everyone else.*Interact Only/),
  ]);
});

test("the announcement has the address of the region, and the way back the backup account", async () => {
  const host = await ready((draft) => (draft.set_up.workspace.region = "eu"));
  await openStep("roll_out", {}, host);
  const text = screen.getByRole("group", { name: "the announcement" }).textContent;
  expect(text).toContain("Open https://app.eu.torq.io\n");
  expect(text).toContain("Sign in at Okta");
  expect(
    screen.getByText(`Sign in at https://app.eu.torq.io with ${BACKUP}`, { exact: false }),
  ).toBeTruthy();
});

describe("what is handed over", () => {
  test("copies the secret without ever showing it", async () => {
    const copied: string[] = [];
    const { container, user } = await openStep(
      "roll_out",
      { scenario: "saved" },
      {
        copy: (text) => Promise.resolve(void copied.push(text)),
      },
    );
    await user.click(screen.getByRole("button", { name: "Copy the client secret" }));
    await waitFor(() => expect(copied).toEqual(["a-secret-of-the-fake"]));
    expect(container.ownerDocument.body.innerHTML).not.toContain("a-secret-of-the-fake");
  });

  test("gives the rules in their order, the floor last", async () => {
    await openStep("roll_out", { scenario: "saved" });
    const rules = screen.getByRole("group", { name: "the rules" });
    expect(rules.textContent).toBe(
      [
        "1. email = olivia@acme.example -> Owner",
        "2. groups = SecOps -> Contributor",
        "3. groups = Everyone -> Viewer",
        "Everyone else -> Interact Only",
      ].join("\n"),
    );
  });
});

describe("what other programs take", () => {
  test("is written to a file, whose path is said", async () => {
    const { user } = await openStep("roll_out", {}, await ready());
    const list = within(screen.getByRole("region", { name: "For files and other programs" }));
    for (const name of ["Set-up file", "Terraform", "Shell script", "SQL query"]) {
      await user.click(list.getByRole("button", { name: `Save: ${name}` }));
      expect(await list.findByText("Written to /home/olivia/acme.")).toBeTruthy();
      expect(said()).toContain("Written to /home/olivia/acme.");
    }
  });

  test("is refused where a value is missing, with what to do", async () => {
    const host = await ready((draft) => {
      delete draft.set_up.connection.client_secret_expires;
    });
    const { user } = await openStep("roll_out", {}, host);
    await user.click(screen.getByRole("button", { name: "Save: Calendar" }));
    expect((await screen.findByRole("alert")).textContent).toContain("Enter its last day");
  });

  test("has no script where no interface of the service is known", async () => {
    const host = await ready((draft) => {
      draft.set_up.workspace.region = "jp";
    });
    await openStep("roll_out", {}, host);
    expect(screen.getByRole("button", { name: "Save: Terraform" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Save: Shell script" })).toBeNull();
  });
});
