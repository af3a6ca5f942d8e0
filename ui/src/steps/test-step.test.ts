import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import type { SignInAsk } from "../wire";

import { openStep, said } from "../../tests/open";
import type { Host } from "../host";
import { fakeHost } from "../host/fake";

const START = { name: "Start test sign-in" };

function matrix() {
  return within(screen.getByRole("group", { name: /^Tested people across/ }));
}

/** A tested workspace whose second rule misses what arrives by its capitals alone. */
async function nearMiss(): Promise<Host> {
  const host = fakeHost({ scenario: "tested" });
  const { version, draft } = await host.openWorkspace("w1");
  draft.set_up.rules = [
    { claim: "email", value: "olivia@acme.example", role: "Owner" },
    { claim: "groups", value: "secops", role: "Contributor" },
  ];
  await host.keep("w1", version, draft);
  return host;
}

describe("a test sign-in", () => {
  test("shows the role, the rule that decided, and who stands where", async () => {
    const { user } = await openStep("test", { scenario: "tested" });
    await user.click(screen.getByRole("button", START));
    await waitFor(() =>
      expect(screen.getByRole("heading", { name: /vera@acme.example gets/ })).toBeTruthy(),
    );
    expect(document.activeElement?.id).toBe("result-title");
    expect(said()).toContain("vera@acme.example gets Viewer");
    expect(screen.getByText(/Rule 3 decides: groups is Everyone/)).toBeTruthy();
    expect(matrix().getAllByRole("columnheader")).toHaveLength(4);
  });

  test("says where it waits and can be cancelled, which is a finding and no evidence", async () => {
    const { host, user } = await openStep("test", { scenario: "tested", pace: 60 });
    await user.click(screen.getByRole("button", START));
    const heading = await screen.findByRole("heading", { name: "A test sign-in is running" });
    expect(document.activeElement).toBe(heading);
    expect(await screen.findByText("https://acme.okta.com/authorize")).toBeTruthy();
    expect(screen.getByText(/^[45]:\d\d$/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(await screen.findByText("The test sign-in was cancelled.")).toBeTruthy();
    expect((await host.openWorkspace("w1")).tests).toHaveLength(2);
  });

  test("that fails opens its stage with what was expected above what came", async () => {
    const { user } = await openStep("test", { scenario: "failing" });
    await user.click(screen.getByRole("button", START));
    await screen.findByRole("heading", { name: "The sign-in ended at Addressed" });
    const track = within(screen.getByRole("list", { name: "Stages of this sign-in" }));
    const outcomes = track
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent?.replace(/\s+/g, " ").trim());
    expect(outcomes).toEqual([
      "Reached passed",
      "Answered passed",
      "Signed passed",
      "Addressed failed",
      "In time not reached",
      "Identified not reached",
      "Mapped not reached",
    ]);
    const marked = [...document.querySelectorAll("mark")].map(({ textContent }) => textContent);
    expect(marked).toEqual(["1b2c3d4E5F6g7H8i9", "9z8y7x6W5"]);
    expect(screen.getByText("They differ from character 4 on.")).toBeTruthy();
    expect(screen.queryByText("Proved with today's settings")).toBeNull();
  });

  test("that fails leads to the field that it is about, and Continue there comes back", async () => {
    const { user } = await openStep("test", { scenario: "failing" });
    await user.click(screen.getByRole("button", START));
    await user.click(await screen.findByRole("button", { name: "Go to the field: Client ID" }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Client ID")));
    expect(screen.getByText("Next: Test the sign-in")).toBeTruthy();
  });

  test("that could not start says why, in the program's words", async () => {
    const refusal = {
      code: "sign_in_running",
      severity: "error" as const,
      path: null,
      what: "A test sign-in is running already.",
      do: "Finish it or cancel it first.",
      data: {},
    };
    const { user } = await openStep(
      "test",
      { scenario: "failing" },
      {
        signIn: () => Promise.reject(refusal),
      },
    );
    await user.click(screen.getByRole("button", START));
    await screen.findByRole("heading", { name: "The test sign-in could not start" });
    expect(screen.getByText(refusal.what)).toBeTruthy();
    expect(screen.getByText(refusal.do, { exact: false })).toBeTruthy();
  });

  test("asks in the way that was chosen", async () => {
    const asked: unknown[] = [];
    const host = fakeHost({ scenario: "failing" });
    const { user } = await openStep(
      "test",
      {},
      {
        ...host,
        signIn: (id, ask, onProgress) => {
          asked.push(ask);
          return host.signIn(id, ask, onProgress);
        },
      },
    );
    await user.click(screen.getByLabelText(/System browser/));
    await user.click(screen.getByText("How the answer comes back"));
    await user.click(screen.getByLabelText(/As a form/));
    await user.click(screen.getByRole("button", START));
    await screen.findByRole("heading", { name: /The sign-in ended/ });
    expect(asked).toEqual([
      {
        way: "browser",
        response_mode: "form_post",
        hint: null,
        expected_role: "Owner",
        dashboard: null,
      },
    ]);
  });
});

describe("the role expected", () => {
  test("is the highest for the Owner, none for the next person, and goes along with the sign-in", async () => {
    const host = fakeHost({ scenario: "tested" });
    for (const { evidence } of (await host.openWorkspace("w1")).tests) {
      await host.forgetTest("w1", evidence.id);
    }
    const { user } = await openStep("test", {}, host);
    const select = () => screen.getByLabelText("Role expected") as HTMLSelectElement;
    expect(select().value).toBe("Owner");
    await user.click(screen.getByRole("button", START));
    await screen.findByRole("heading", { name: /olivia@acme.example gets/ });
    expect(select().value).toBe("");
    expect(select().selectedOptions[0]?.textContent).toBe("No expectation");
    await user.selectOptions(select(), "Creator");
    await user.click(screen.getByRole("button", START));
    await screen.findByRole("heading", { name: /bob@acme.example gets/ });
    const { tests } = await host.openWorkspace("w1");
    expect(tests.map(({ evidence }) => evidence.expected_role)).toEqual(["Owner", "Creator"]);
  });

  test("that is missed is said in words, spoken, and never called proved", async () => {
    const { user } = await openStep("test", { scenario: "tested" });
    await user.selectOptions(screen.getByLabelText("Role expected"), "Creator");
    await user.click(screen.getByRole("button", START));
    await screen.findByRole("heading", { name: /vera@acme.example gets/ });
    expect(screen.getByText("Not the role expected")).toBeTruthy();
    expect(screen.getByText("Expected was Creator.")).toBeTruthy();
    expect(screen.queryByText("Proved with today's settings")).toBeNull();
    expect(matrix().getByText("expected: Creator")).toBeTruthy();
    expect(said()).toContain("Expected was Creator.");
  });
});

describe("the evidence of a person", () => {
  test("is called stale once a setting changes, and says which", async () => {
    const host = fakeHost({ scenario: "tested" });
    const { version, draft } = await host.openWorkspace("w1");
    draft.set_up.connection.client_id = "0oaOther";
    await host.keep("w1", version, draft);
    await openStep("test", {}, host);
    expect(screen.getAllByText("Settings changed since: Client ID").length).toBeGreaterThan(0);
    expect(screen.queryByText("Proved with today's settings")).toBeNull();
  });

  test("is shown when the person's column is chosen, with the claims as they arrived", async () => {
    const { user } = await openStep("test", { scenario: "tested" });
    await user.click(matrix().getByRole("button", { name: "olivia" }));
    const panel = within(screen.getByRole("complementary"));
    expect(panel.getByRole("heading", { name: "olivia@acme.example" })).toBeTruthy();
    expect(panel.getByText("Security Admins")).toBeTruthy();
  });

  test("is forgotten on request", async () => {
    const { host, user } = await openStep("test", { scenario: "tested" });
    await user.click(screen.getByRole("button", { name: "Forget this evidence" }));
    await waitFor(() => expect(matrix().queryByRole("button", { name: "bob" })).toBeNull());
    expect((await host.openWorkspace("w1")).tests.map(({ evidence }) => evidence.email)).toEqual([
      "olivia@acme.example",
    ]);
  });

  test("is copied as a report without the value of any claim", async () => {
    const copied: string[] = [];
    const { user } = await openStep(
      "test",
      { scenario: "tested" },
      {
        copy: (text) => Promise.resolve(void copied.push(text)),
      },
    );
    await user.click(screen.getByRole("button", { name: "Copy redacted report" }));
    expect(copied[0]).toMatch(/mapped +passed/);
    expect(copied[0]).toContain("groups (2)");
    for (const value of ["bob", "SecOps", "acme", "Lindqvist"])
      expect(copied[0]).not.toContain(value);
  });
});

describe("a near miss", () => {
  test("is mended by one key, and the program says what came of it", async () => {
    const { host, user } = await openStep("test", {}, await nearMiss());
    expect(screen.getByRole("heading", { name: /bob@acme.example falls through/ })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Change rule 2 to SecOps" }));
    await screen.findByRole("heading", { name: /bob@acme.example gets Contributor/ });
    expect((await host.openWorkspace("w1")).draft.set_up.rules?.[1]?.value).toBe("SecOps");
    expect(said()).toContain("Rule 2 changed");
  });
});

describe("a claim that arrived", () => {
  test("begins a rule in step 3, and Continue there comes straight back", async () => {
    const { user } = await openStep("test", { scenario: "tested" });
    await user.click(screen.getByRole("button", { name: "Make a rule: name is Bob Lindqvist" }));
    await screen.findByRole("heading", { level: 1, name: "Map claims to roles" });
    const form = within(screen.getByRole("group", { name: "New rule" }));
    expect((form.getByLabelText("Claim name") as HTMLInputElement).value).toBe("name");
    expect((form.getByLabelText("Claim value") as HTMLInputElement).value).toBe("Bob Lindqvist");
    expect(document.activeElement).toBe(form.getByLabelText("Role"));
    await user.selectOptions(form.getByLabelText("Role"), "Viewer");
    await user.click(screen.getByRole("button", { name: "Add as rule 4" }));
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await screen.findByRole("heading", { level: 1, name: "Test the sign-in" });
    expect(screen.queryByRole("button", { name: "Make a rule: name is Bob Lindqvist" })).toBeNull();
    expect(screen.getByText("rule 4")).toBeTruthy();
  });

  test("never drives out a rule that somebody is writing", async () => {
    const { user } = await openStep("claims", { scenario: "tested" });
    await user.click(screen.getByRole("button", { name: "Add a rule" }));
    await user.type(screen.getByLabelText("Claim value"), "Half a na");
    await user.click(screen.getByRole("button", { name: "Test the sign-in" }));
    await user.click(await screen.findByRole("button", { name: /^Make a rule: name is/ }));
    await screen.findByRole("heading", { level: 1, name: "Map claims to roles" });
    expect((screen.getByLabelText("Claim value") as HTMLInputElement).value).toBe("Half a na");
    expect(said()).toContain("Another rule is being written here");
  });
});

test("a changed rule shows who gets another role now, until it is taken back", async () => {
  const { user } = await openStep("claims", { scenario: "tested" });
  expect(screen.queryByText(/bob@acme.example:/)).toBeNull();
  await user.click(screen.getByRole("button", { name: "Delete rule 2" }));
  const line = (await screen.findByText("bob@acme.example:")).closest("li");
  expect(line?.textContent?.replace(/\s+/g, " ")).toContain("Contributor becomes Viewer");
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(screen.queryByText("bob@acme.example:")).toBeNull());
});

test("a region that voids the tests says so at once", async () => {
  const { user } = await openStep("provider", { scenario: "tested" });
  expect(screen.getByText("Proved")).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: /Europe/ }));
  expect(await screen.findByText("To be tested again")).toBeTruthy();
  expect(said()).toContain("Changed since the last test sign-in: Region");
});

test("nothing that has to be chosen asks to be filled in", async () => {
  const host = fakeHost({ scenario: "midway" });
  const { version, draft } = await host.openWorkspace("w1");
  draft.set_up.workspace.region = "";
  draft.step = "provider";
  await host.keep("w1", version, draft);
  const { user } = await openStep("provider", {}, host);
  await user.click(screen.getByRole("button", { name: "Continue" }));
  const summary = await screen.findByRole("region", { name: /stands? in the way/ });
  const region = within(summary)
    .getByRole("link", { name: /Region/ })
    .closest("li");
  expect(region?.textContent).toContain("Choose one.");
});

test("a person's evidence says whose key signed it", async () => {
  await openStep("test", { scenario: "tested" });
  expect(screen.getByText("Signed by the provider's key key-1")).toBeTruthy();
});

test("starts at the provider's dashboard in the window, whatever else was chosen", async () => {
  const asked: SignInAsk[] = [];
  const host = fakeHost({ scenario: "failing" });
  const { user } = await openStep(
    "test",
    {},
    {
      ...host,
      signIn: (id, ask, onProgress) => {
        asked.push(ask);
        return host.signIn(id, ask, onProgress);
      },
    },
  );
  await user.click(screen.getByLabelText(/System browser/));
  await user.click(screen.getByLabelText(/test the tile/));
  expect(screen.queryByLabelText(/System browser/)).toBeNull();
  const dashboard = screen.getByRole<HTMLInputElement>("textbox", {
    name: "Address of the dashboard",
  });
  expect(dashboard.value).toMatch(/\/app\/UserHome$/);
  await user.clear(dashboard);
  await user.type(dashboard, "https://apps.acme.example/");
  await user.click(screen.getByRole("button", START));
  await screen.findByRole("heading", { name: /The sign-in ended/ });
  expect(asked.map(({ way, dashboard }) => [way, dashboard])).toEqual([
    ["window", "https://apps.acme.example/"],
  ]);
});
