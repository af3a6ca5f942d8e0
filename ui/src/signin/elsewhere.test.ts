import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { openStep, said } from "../../tests/open";
import { elsewhere } from "../words/elsewhere";

async function open() {
  const opened = await openStep("test", { scenario: "tested" });
  await opened.user.click(screen.getByRole("radio", { name: /Elsewhere/ }));
  return opened;
}

describe("a second person elsewhere", () => {
  test("is handed an instruction that keeps the sign-in away from the service", async () => {
    await open();
    const text = screen.getByText(/latchkey sign-in acme.latchkey.json --loopback 8765/);
    expect(text.textContent).toMatch(/Do not sign in at Torq itself/);
    expect(text.textContent).toMatch(/Send answer.json to olivia@acme.example/);
    expect(text.textContent).not.toMatch(/a-secret-of-the-fake/);
  });

  test("is verified from what was sent, marked as brought in a file, and named", async () => {
    const { host, user } = await open();
    await user.type(screen.getByLabelText("Answer"), "vera@acme.example");
    const start = screen.getByRole("region", { name: /Test another person/ });
    await user.type(
      within(start).getByLabelText("What the person is called"),
      "Vera, from the night shift",
    );
    await user.selectOptions(screen.getByLabelText("Role expected"), "Viewer");
    await user.click(screen.getByRole("button", { name: "Check the answer" }));
    await waitFor(() => expect(screen.getAllByText("Vera, from the night shift")).toHaveLength(2));
    expect(screen.getByText(/Brought in a file/)).toBeTruthy();
    expect(said()).toContain("vera@acme.example gets Viewer");
    const { tests } = await host.openWorkspace("w1");
    const last = tests.at(-1)?.evidence;
    expect([last?.way, last?.expected_role]).toEqual(["file", "Viewer"]);
  });

  test("is asked for where nothing was pasted, and what is no answer is told", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Check the answer" }));
    expect(await screen.findByText("Nothing was brought.")).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Answer")));
    await user.type(screen.getByLabelText("Answer"), "hello");
    await user.click(screen.getByRole("button", { name: "Check the answer" }));
    expect(await screen.findByText(/No answer could be found/)).toBeTruthy();
  });

  test("is refused when it is the Owner again", async () => {
    const { user } = await open();
    await user.type(screen.getByLabelText("Answer"), "olivia@acme.example");
    await user.click(screen.getByRole("button", { name: "Check the answer" }));
    expect(await screen.findByText(/and not from a second person/)).toBeTruthy();
  });

  test("needs what the sign-in needs, and nothing else", () => {
    const sent = {
      service: "Torq",
      workspace: "Acme",
      file: "acme.latchkey.json",
      owner: "",
      protocol: "saml" as const,
      secret: false,
      key: false,
    };
    expect(elsewhere.text(sent)).toContain("Nothing else is needed");
    expect(elsewhere.text(sent)).not.toMatch(/secret.txt|key.pem/);
    const withSecret = elsewhere.text({ ...sent, protocol: "oidc", secret: true });
    expect(withSecret).toContain("never by e-mail");
    expect(withSecret).toContain("and secret.txt too");
    const withKey = elsewhere.text({ ...sent, key: true });
    expect(withKey).toContain("--loopback 8765 --key key.pem --answer-file answer.json");
    expect(withKey).toContain("and key.pem too");
  });
});

describe("the name of a tested person", () => {
  test("is kept when its field is left", async () => {
    const { host, user } = await openStep("test", { scenario: "tested" });
    await user.type(screen.getByLabelText("What the person is called"), "Bob, from Support");
    await user.tab();
    await screen.findAllByText("Bob, from Support");
    expect((await host.openWorkspace("w1")).tests.at(-1)?.evidence.name).toBe("Bob, from Support");
  });

  test("is changed in the panel and stands in the matrix", async () => {
    const { host, user } = await openStep("test", { scenario: "tested" });
    const field = screen.getByLabelText("What the person is called");
    await user.type(field, "Bob, from Support");
    await user.click(screen.getByRole("button", { name: "Keep the name" }));
    expect(said()).toContain("Called Bob, from Support from now on.");
    expect((await screen.findAllByText("Bob, from Support")).length).toBeGreaterThan(1);
    expect((await host.openWorkspace("w1")).tests.at(-1)?.evidence.name).toBe("Bob, from Support");
  });
});
