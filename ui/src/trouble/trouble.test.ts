import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { openApp } from "../../tests/in-workspace";
import type { FakeOptions } from "../host/fake";
import { told } from "../host/fake/told";

async function troubled(options: FakeOptions = { scenario: "saved" }) {
  const user = userEvent.setup();
  const app = await openApp(options);
  await user.click(screen.getByRole("button", { name: "Troubleshoot" }));
  await screen.findByRole("heading", { name: "What does not work?" });
  const press = (name: string | RegExp) => user.click(screen.getByRole("button", { name }));
  return { user, press, ...app };
}

async function asked(options?: FakeOptions) {
  const app = await troubled(options);
  await waitFor(() => screen.getByRole("button", { name: /Incorrect email/ }));
  await app.press(/Incorrect email/);
  await screen.findByRole("radio", { name: "One person" });
  return app;
}

const heading = () => screen.getByRole("heading", { level: 1 });

describe("troubleshooting by symptom", () => {
  it("asks one question after the other and stops at the cause that is proved", async () => {
    const { user, press } = await asked({ scenario: "empty" });
    await user.click(screen.getByRole("radio", { name: "One person" }));
    await press("Next");
    await user.click(await screen.findByRole("radio", { name: "It works there" }));
    await press("Next");
    const cause = await screen.findByRole("heading", { name: "The cause" });
    expect(document.activeElement).toBe(cause);
    expect(cause.parentElement?.textContent).toContain(
      "An old session in the browser is the cause",
    );
    expect(screen.queryByRole("button", { name: "Next" })).toBeNull();
    expect(screen.queryByRole("heading", { name: "What may be the cause" })).toBeNull();
  });

  it("puts the focus on the next question and says how many causes are left", async () => {
    const { user, press } = await asked();
    await user.click(screen.getByRole("radio", { name: "Everybody" }));
    await press("Next");
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Next question"));
    const status = screen.getAllByRole("status").map((one) => one.textContent);
    expect(status.join()).toMatch(/possible causes are left. Next question: Which address/);
  });

  it("does not go on without an answer, and goes on when one is left out", async () => {
    const { press } = await asked();
    await press("Next");
    expect((await screen.findByRole("alert")).textContent).toContain("Choose an answer");
    expect(screen.getByRole("radio", { name: "One person" })).toBeDefined();
    await press("Leave it out");
    await screen.findByRole("textbox", { name: "Which address does it happen to?" });
  });

  it("takes an answer back", async () => {
    const { user, press } = await asked();
    await user.click(screen.getByRole("radio", { name: "Everybody" }));
    await press("Next");
    await screen.findByText("Everybody");
    await press(/Change the answer to .Whom/);
    await screen.findByRole("radio", { name: "Everybody" });
  });

  it("says what it sees by itself, and what it asked the provider", async () => {
    await asked();
    const known = screen.getByRole("heading", { name: "What is known" }).parentElement!;
    expect(within(known).getByText("Latchkey sees:")).toBeDefined();
    await screen.findByText(/agrees with that of acme.okta.com/);
  });

  it("shows why it could not go on", async () => {
    const { host } = await troubled();
    const finding = told("store_failed", { reason: "gone" });
    vi.spyOn(host, "consult").mockRejectedValue(finding);
    await userEvent.click(await screen.findByRole("button", { name: /Nobody can/ }));
    expect((await screen.findByRole("alert")).textContent).toContain(finding.what);
  });
});

describe("the way there and back", () => {
  it("comes back to the step that was open", async () => {
    const user = userEvent.setup();
    await openApp({ scenario: "saved" });
    const before = heading().textContent;
    await user.click(screen.getByRole("button", { name: "Troubleshoot" }));
    await user.click(await screen.findByRole("button", { name: "Back to the workspace" }));
    await waitFor(() => expect(heading().textContent).toBe(before));
  });

  it("goes to the test from a cause that it would decide", async () => {
    const { press } = await asked();
    expect(screen.getByText(/^It would decide \d of these \d\.$/)).toBeDefined();
    expect(screen.queryByText("A test sign-in of that person")).toBeNull();
    await press("Run a test sign-in");
    await waitFor(() => expect(heading().textContent).toBe("Test the sign-in"));
  });

  it("begins at home with a choice of workspaces", async () => {
    const user = userEvent.setup();
    const { host } = await openApp({ scenario: "saved" });
    const consult = vi.spyOn(host, "consult");
    await user.click(screen.getByRole("button", { name: "All workspaces" }));
    await user.click(await screen.findByRole("button", { name: "Troubleshoot" }));
    const about = await screen.findByRole("combobox", { name: /Which workspace/ });
    await user.selectOptions(about, "Acme Security");
    await user.click(await screen.findByRole("button", { name: /Some people/ }));
    await waitFor(() => expect(consult).toHaveBeenCalledWith("w2", "some_people", []));
    await user.click(screen.getByRole("button", { name: "All ways to look" }));
    await user.click(screen.getByRole("button", { name: "Back to the workspaces" }));
    await screen.findByRole("heading", { name: "Workspaces" });
  });
});

describe("pasting what is shown", () => {
  async function pasted(text: string) {
    const app = await troubled();
    await app.press("Paste what is shown");
    const field = screen.getByRole("textbox", { name: "What is shown" });
    if (text) await app.user.type(field, text);
    await app.press("Name the cause");
    return { ...app, field };
  }

  it("names the cause and marks what differs", async () => {
    await pasted("SAMLResponse");
    const shows = await screen.findByRole("heading", { name: "What it shows" });
    expect(document.activeElement).toBe(shows);
    const section = shows.parentElement!;
    expect(section.textContent).toContain("Read as an answer of the provider.");
    expect(section.querySelector("mark")?.textContent).toBe("https://");
  });

  it("goes to the field that it is about", async () => {
    const { press } = await pasted("SAMLResponse");
    await screen.findByRole("heading", { name: "What it shows" });
    await press(/Go to the field/);
    await waitFor(() => expect(heading().textContent).toBe("Set up the connection"));
  });

  it("asks for something to look at", async () => {
    const { field } = await pasted("");
    expect((await screen.findByRole("alert")).textContent).toBe("Paste something first.");
    expect(document.activeElement).toBe(field);
  });

  it("says so when nothing was recognised", async () => {
    await pasted("hello");
    const shows = await screen.findByRole("heading", { name: "What it shows" });
    expect(shows.parentElement?.textContent).toContain("Nothing in this text is an error");
  });
});

describe("the practice school", () => {
  it("lists the faults of both protocols, and finds one by its words", async () => {
    const { user, press } = await troubled();
    await press("Practice school");
    await screen.findByRole("heading", { name: "SAML 2.0" });
    await user.type(screen.getByRole("searchbox", { name: "Find a fault" }), "audience list");
    await waitFor(() => expect(screen.queryByRole("heading", { name: "SAML 2.0" })).toBeNull());
    expect(screen.getByText("audience-list")).toBeDefined();
    expect(screen.getByText("Allowed by the standard")).toBeDefined();
  });

  it("has the provider do it and opens a practice workspace at the test", async () => {
    const { host, press } = await troubled({ scenario: "empty" });
    const set = vi.spyOn(host, "setPracticeFault");
    await press("Practice school");
    await screen.findByText("saml-http-500");
    await press("Try it: saml-http-500");
    await waitFor(() => expect(heading().textContent).toBe("Test the sign-in"));
    expect(set).toHaveBeenCalledWith("saml-http-500");
  });

  it("mends it again", async () => {
    const { host, press } = await troubled();
    await host.setPracticeFault("wrong-audience");
    await press("Practice school");
    await screen.findByText(/does otherwise at present/);
    await press("Mend it");
    await screen.findByText("The practice provider keeps to the standard.");
  });
});

it("a practice workspace says what its provider is set to do wrong, and mends it", async () => {
  const { press } = await troubled({ scenario: "empty" });
  await press("Practice school");
  await screen.findByText("wrong-audience");
  await press("Try it: wrong-audience");
  await screen.findByText(/set to do wrong: The ID token's aud names another client/);
  await press("Mend it");
  await waitFor(() => expect(screen.queryByText(/set to do wrong/)).toBeNull());
});

it("says what the provider's page shows while the sign-in still runs", async () => {
  const user = userEvent.setup();
  const { host } = await openApp({ scenario: "failing" });
  const shown = told("redirect_not_registered", { provider: "Okta" });
  vi.spyOn(host, "signIn").mockImplementation((_id, _ask, onProgress) => {
    onProgress({ now: "at", address: "https://acme.okta.com/error", loading: false });
    onProgress({ now: "shows", findings: [shown] });
    return new Promise(() => {});
  });
  await user.click(await screen.findByRole("button", { name: "Start test sign-in" }));
  expect((await screen.findByRole("alert")).textContent).toContain("asked to answer at an address");
});

it("says what changed since it last worked, here and at the provider", async () => {
  const { press } = await troubled();
  await press("What changed since it last worked");
  await screen.findByRole("heading", { name: "In this set-up" });
  await screen.findByText(/agrees with that of acme.okta.com/);
});

describe("a HAR file", () => {
  it("shows the sign-in step by step, with the step that broke, and the cause", async () => {
    const { press } = await troubled();
    await press("Open a HAR file");
    await press("Choose a HAR file");
    const shows = await screen.findByRole("heading", { name: "What it shows" });
    await waitFor(() => expect(document.activeElement).toBe(shows));
    const steps = screen.getAllByRole("listitem").map((one) => one.textContent);
    expect(steps.find((one) => one?.includes("Here it broke"))).toMatch(/The provider is asked/);
    expect(screen.getByText(/24 requests, recorded by Firefox 148/)).toBeDefined();
    expect(within(screen.getByRole("main")).getAllByText(/is not registered/)).toHaveLength(1);
  });

  it("stays as it is when no file was chosen, and says why one could not be read", async () => {
    const { host, press } = await troubled();
    await press("Open a HAR file");
    const read = vi.spyOn(host, "readHar").mockResolvedValue(null);
    await press("Choose a HAR file");
    expect(screen.queryByRole("heading", { name: "What it shows" })).toBeNull();
    read.mockRejectedValue(told("file_unusable", { file: "x.har", reason: "is a zip" }));
    await press("Choose a HAR file");
    expect((await screen.findByRole("alert")).textContent).toContain("x.har");
  });

  it("can be stopped while it is read, and that is no error", async () => {
    const { host, press } = await troubled();
    await press("Open a HAR file");
    let stop: (why: unknown) => void = () => {};
    vi.spyOn(host, "readHar").mockImplementation((_id, _file, onProgress) => {
      onProgress({ read: 1, size: 2 });
      return new Promise((...settle) => (stop = settle[1]));
    });
    vi.spyOn(host, "cancelHar").mockImplementation(async () => stop(told("cancelled_by_person")));
    await press("Choose a HAR file");
    expect((await screen.findByRole<HTMLProgressElement>("progressbar")).value).toBe(0.5);
    await press("Stop reading");
    await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
