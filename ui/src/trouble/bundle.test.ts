import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { openApp } from "../../tests/in-workspace";
import { told } from "../host/fake/told";

async function troubled() {
  const user = userEvent.setup();
  const app = await openApp({ scenario: "saved" });
  await user.click(screen.getByRole("button", { name: "Troubleshoot" }));
  await screen.findByRole("heading", { name: "What does not work?" });
  const press = (name: string | RegExp) => user.click(screen.getByRole("button", { name }));
  return { user, press, ...app };
}

async function atBundle() {
  const app = await troubled();
  await app.press("Make a support bundle");
  await screen.findByRole("heading", { level: 1, name: "Make a support bundle" });
  return app;
}

const drop = (...files: File[]) =>
  fireEvent.drop(document.body, { dataTransfer: { files, types: ["Files"] } });
const har = (name = "dropped.har") => new File(["{}"], name);
const field = (name: string): HTMLInputElement => screen.getByRole("textbox", { name });

describe("a support bundle", () => {
  it("asks for all that support asks for, and shows what will be in it before it is saved", async () => {
    const { user, press, host } = await atBundle();
    const save = vi.spyOn(host, "saveBundle");
    await user.type(field("The exact error message"), "AADSTS50105 olivia@acme.example");
    for (const name of ["The address at that moment", "Browser and version", "When it began"]) {
      expect(field(name)).toBeDefined();
    }
    await user.click(screen.getByRole("radio", { name: "Some people" }));
    expect(screen.queryByRole("button", { name: "Save as zip" })).toBeNull();
    await press("Show what will be in it");
    const preview = await screen.findByRole("heading", { name: "What will be in the zip" });
    await waitFor(() => expect(document.activeElement).toBe(preview));
    const report = screen.getByLabelText("Content of report.md").textContent;
    expect(report).toContain("AADSTS50105");
    expect(report).not.toContain("olivia");
    await press("Save as zip");
    expect(save).toHaveBeenCalledOnce();
    await screen.findByText("Saved as /home/olivia/latchkey-support.zip.", { selector: "span" });
  });

  it("has to be shown again after a change", async () => {
    const { user, press } = await atBundle();
    await press("Show what will be in it");
    await screen.findByRole("button", { name: "Save as zip" });
    await user.type(field("Browser and version"), "x");
    expect(screen.queryByRole("button", { name: "Save as zip" })).toBeNull();
    await press("Show what will be in it");
    await screen.findByRole("button", { name: "Save as zip" });
    await user.click(screen.getByRole("radio", { name: /Dots/ }));
    expect(screen.queryByRole("heading", { name: "What will be in the zip" })).toBeNull();
  });

  it("takes the recording that was read, with what it answers, and leaves it out if that is chosen", async () => {
    const { user, press, host } = await troubled();
    const make = vi.spyOn(host, "makeBundle");
    await drop(har());
    await screen.findByText("Here it broke");
    await press("Make a support bundle");
    await waitFor(() => expect(field("Browser and version").value).toBe("Firefox 148.0"));
    expect(field("The address at that moment").value).toContain("acme.okta.com");
    const added = screen.getByRole("checkbox", { name: /Add dropped.har/ });
    await press("Show what will be in it");
    await screen.findByText("recording.har");
    await press("Show more of recording.har");
    await waitFor(() =>
      expect(screen.getByLabelText("Content of recording.har").textContent).toContain("more of"),
    );
    await user.click(added);
    await press("Show what will be in it");
    await waitFor(() => expect(screen.queryByText("recording.har")).toBeNull());
    expect(make.mock.calls.map((call) => call[3])).toEqual([true, false]);
  });

  it("keeps what was written when a recording comes later", async () => {
    const { user } = await atBundle();
    await user.type(field("Browser and version"), "Safari 26");
    await drop(har());
    await screen.findByRole("checkbox", { name: /Add dropped.har/ });
    expect(field("Browser and version").value).toBe("Safari 26");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Make a support bundle");
  });

  it("begins with the error that was pasted", async () => {
    const { user, press } = await troubled();
    await press("Paste what is shown");
    await user.type(screen.getByRole("textbox"), "AADSTS50011");
    await press("Name the cause");
    await screen.findByRole("heading", { name: "What it shows" });
    await press("Make a support bundle");
    await waitFor(() => expect(field("The exact error message").value).toBe("AADSTS50011"));
  });

  it("says why nothing could be made or saved", async () => {
    const { press, host } = await atBundle();
    const finding = told("file_not_written", { file: "a.zip", reason: "disk full" });
    vi.spyOn(host, "saveBundle").mockRejectedValue(finding);
    await press("Show what will be in it");
    await press("Save as zip");
    expect((await screen.findByRole("alert")).textContent).toContain(finding.what);
  });

  it("says nothing of a chooser that was closed", async () => {
    const { press, host } = await atBundle();
    vi.spyOn(host, "saveBundle").mockResolvedValue(null);
    await press("Show what will be in it");
    await press("Save as zip");
    expect(screen.queryByText(/Saved as/)).toBeNull();
  });
});

describe("dropping a recording", () => {
  it("reads it from the start page, against the workspace", async () => {
    const { host } = await troubled();
    const read = vi.spyOn(host, "readHar");
    await drop(har());
    const shows = await screen.findByRole("heading", { name: "What it shows" });
    await waitFor(() => expect(document.activeElement).toBe(shows));
    expect(read.mock.calls[0]?.[1]?.name).toBe("dropped.har");
    expect(read.mock.calls[0]?.[0]).not.toBeNull();
  });

  it("takes no two at once", async () => {
    const { host } = await troubled();
    const read = vi.spyOn(host, "readHar");
    await drop(har("a.har"), har("b.har"));
    expect((await screen.findByRole("alert")).textContent).toContain("a single file");
    expect(read).not.toHaveBeenCalled();
  });

  it("can be stopped", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "saved", pace: 300 });
    await user.click(screen.getByRole("button", { name: "Troubleshoot" }));
    await screen.findByRole("heading", { name: "What does not work?" });
    await drop(har());
    await user.click(await screen.findByRole("button", { name: "Stop reading" }));
    await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
    expect(screen.queryByRole("heading", { name: "What it shows" })).toBeNull();
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
