import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import { openStep, said } from "../../tests/open";
import { BODIES, pemOf } from "../host/fake/certificates";
import { document as metadataOf } from "../host/fake/metadata";

const KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQverySecretIndeed\n-----END PRIVATE KEY-----";
const box = (name: string | RegExp) => screen.getByRole("textbox", { name });
const value = (input: HTMLElement) => (input as HTMLInputElement).value;
const open = () => openStep("connection", { scenario: "saml" });

describe("metadata", () => {
  async function read(address: string) {
    const opened = await open();
    await opened.user.type(box("Metadata"), address);
    await opened.user.keyboard("{Enter}");
    return opened;
  }

  it("by address fills the form, says where it came from, and asks for nothing that it gives", async () => {
    const { host } = await read("https://idp.acme.example/metadata");
    expect(await screen.findByRole("heading", { name: "Read from idp.acme.example" })).toBeTruthy();
    await screen.findByRole("group", { name: "Sign-On URL" });
    expect(screen.queryByRole("textbox", { name: "Issuer URL" })).toBeNull();
    expect(screen.getByText("Certificate 1")).toBeTruthy();
    expect(screen.getByText("3 of 3 given")).toBeTruthy();
    await waitFor(async () =>
      expect((await host.openWorkspace("w1")).draft.set_up.connection).toMatchObject({
        issuer: "https://sso.acme.example/entity",
        sign_on_url: "https://sso.acme.example/saml2/redirect",
        certificates: [pemOf(BODIES.acme)],
      }),
    );
  });

  it("gives a field that can be entered by hand all the same", async () => {
    const { user } = await read("https://idp.acme.example/metadata");
    await user.click(await screen.findByRole("button", { name: "Enter another: Issuer URL" }));
    expect(document.activeElement).toBe(box("Issuer URL"));
    expect(value(box("Issuer URL"))).toBe("https://sso.acme.example/entity");
  });

  it("read again shows what differs, and changes nothing by itself", async () => {
    const { host, user } = await read("https://idp.acme.example/metadata");
    await user.click(await screen.findByRole("button", { name: "Read again" }));
    const differs = await screen.findByRole("region", {
      name: "It says something else than the form",
    });
    expect(within(differs).getByText("Public certificate")).toBeTruthy();
    expect(screen.queryByText("Certificate 2")).toBeNull();
    await user.click(within(differs).getByRole("button", { name: /^Take over/ }));
    expect(await screen.findByText("Certificate 2")).toBeTruthy();
    expect(screen.queryByRole("region", { name: /something else/ })).toBeNull();
    const { certificates } = (await host.openWorkspace("w1")).draft.set_up.connection;
    expect(certificates).toHaveLength(2);
  });

  it("over a form that is filled in waits for a word", async () => {
    const { host, user } = await open();
    await user.type(box("Issuer URL"), "JumpCloud");
    await user.type(box("Metadata"), "https://idp.acme.example/metadata{Enter}");
    const differs = await screen.findByRole("region", { name: /something else than the form/ });
    expect((await host.openWorkspace("w1")).draft.set_up.connection.issuer).toBe("JumpCloud");
    await user.click(within(differs).getByRole("button", { name: "Keep the form as it is" }));
    expect(screen.queryByRole("region", { name: /something else than the form/ })).toBeNull();
    expect(value(box("Issuer URL"))).toBe("JumpCloud");
  });

  it("that names many providers is searched, and one is chosen", async () => {
    const { user } = await read("https://federation.example/all.xml");
    const search = await screen.findByRole("searchbox", { name: "Search" });
    expect(screen.getByText("20 of 60 shown; search to narrow")).toBeTruthy();
    await user.type(search, "CAMPUS-42");
    await user.click(screen.getByRole("button", { name: /^Choose https:.*campus-42/ }));
    const field = await screen.findByRole("group", { name: "Issuer URL" });
    expect(field.textContent).toContain("https://sso.campus-42.example/entity");
    expect(screen.getByRole("button", { name: "Choose another" })).toBeTruthy();
  });

  it("that is none fails under a name, at the field", async () => {
    await read("https://page.example/login");
    await waitFor(() => expect(box("Metadata").getAttribute("aria-invalid")).toBe("true"));
    expect(document.getElementById(`${box("Metadata").id}-found`)?.textContent).toMatch(/page/);
  });

  it("pasted as text is read, and the text stays nowhere on the page", async () => {
    const { user } = await open();
    await user.click(box("Metadata"));
    await user.paste(metadataOf("pasted", [BODIES.acme]));
    expect(await screen.findByRole("heading", { name: "Read from the pasted text" })).toBeTruthy();
    expect(value(box("Metadata"))).toBe("");
  });

  it("dropped anywhere is read", async () => {
    await open();
    const file = new File([metadataOf("dropped", [BODIES.acme])], "metadata.xml");
    await fireEvent.drop(window, { dataTransfer: { files: [file], types: ["Files"] } });
    const field = await screen.findByRole("group", { name: "Issuer URL" });
    expect(field.textContent).toContain("https://sso.dropped.example/entity");
  });
});

describe("the Sign-On URL", () => {
  it("is asked for by its one small part", async () => {
    const { host, user } = await open();
    await user.type(box("Name of your app"), "acme");
    expect(screen.getByText("The address is https://sso.jumpcloud.com/saml2/acme")).toBeTruthy();
    await user.tab();
    await waitFor(async () =>
      expect((await host.openWorkspace("w1")).draft.set_up.connection.sign_on_url).toBe(
        "https://sso.jumpcloud.com/saml2/acme",
      ),
    );
  });

  it("takes the whole address where the small part belongs", async () => {
    const { user } = await open();
    await user.click(box("Name of your app"));
    await user.paste("https://sso.jumpcloud.com/saml2/whole");
    expect(value(box("Name of your app"))).toBe("whole");
  });

  it("of another shape is entered in full", async () => {
    const { user } = await open();
    await user.click(box("Name of your app"));
    await user.paste("https://login.acme.example/saml2/x");
    expect(value(await screen.findByRole("textbox", { name: "Sign-On URL" }))).toBe(
      "https://login.acme.example/saml2/x",
    );
  });
});

describe("a certificate", () => {
  it("becomes a card with its facts and every finding, and a second one stands beside it", async () => {
    const { user } = await open();
    await user.click(box("Certificate as text"));
    await user.paste(`Subject: x\n${pemOf(BODIES.old)}`);
    const card = within(await screen.findByRole("article", { name: "Certificate 1" }));
    expect(card.getByText("CN=old.acme.example, O=Acme")).toBeTruthy();
    expect(card.getByText("expired 105 days ago")).toBeTruthy();
    expect(await card.findByText(/expired on/)).toBeTruthy();
    expect(value(box("Another certificate as text"))).toBe("");
    await user.paste(pemOf(BODIES.acme));
    expect(await screen.findByText("412 days left")).toBeTruthy();
    await user.paste(pemOf(BODIES.acme));
    await waitFor(() => expect(said()).toContain("in the form already"));
    expect(screen.getAllByRole("article")).toHaveLength(2);
  });

  it("is removed, and put back where it stood", async () => {
    const { user } = await open();
    await user.click(box("Certificate as text"));
    await user.paste(pemOf(BODIES.acme) + pemOf(BODIES.next));
    await user.click(await screen.findByRole("button", { name: "Remove certificate 1" }));
    expect(screen.getAllByRole("article")).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Put it back" }));
    const [first] = screen.getAllByRole("article");
    expect(first?.textContent).toContain("CN=sign-on.acme.example");
  });

  it("is no private key: that is named, and not kept", async () => {
    const { host, user, container } = await open();
    await user.click(box("Certificate as text"));
    await user.paste(KEY);
    const under = () => document.getElementById(`${box("Certificate as text").id}-found`);
    await waitFor(() => expect(under()?.textContent).toMatch(/This is a private key/));
    expect(container.innerHTML).not.toContain("verySecretIndeed");
    expect(JSON.stringify(await host.openWorkspace("w1"))).not.toContain("verySecretIndeed");
  });
});

describe("the paste guard", () => {
  it("moves a value to its field by one key, and gives the field back what it had", async () => {
    const { user } = await open();
    await user.type(box("Issuer URL"), "JumpCloud");
    await user.clear(box("Issuer URL"));
    await user.paste("https://sso.jumpcloud.com/saml2/acme");
    const move = await screen.findByRole("button", { name: "Move it to Sign-On URL" });
    expect(move.getAttribute("aria-keyshortcuts")).toBe("Alt+Enter");
    await user.keyboard("{Alt>}{Enter}{/Alt}");
    await waitFor(() => expect(value(box("Name of your app"))).toBe("acme"));
    expect(value(box("Issuer URL"))).toBe("");
    expect(said()).toContain("Moved to Sign-On URL.");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Set up the connection");
  });

  it("says nothing about a value that belongs where it was pasted", async () => {
    const { user, host } = await open();
    const recognise = vi.spyOn(host, "recognise");
    await user.click(box("Issuer URL"));
    await user.paste("https://sso.acme.example/entity");
    await waitFor(() => expect(recognise).toHaveBeenCalled());
    expect(screen.queryByRole("button", { name: /^Move it/ })).toBeNull();
    expect(value(box("Issuer URL"))).toBe("https://sso.acme.example/entity");
  });

  it("never lets a private key into a field", async () => {
    const { host, user, container } = await open();
    await user.click(box("Issuer URL"));
    await user.paste(KEY);
    expect(value(box("Issuer URL"))).toBe("");
    expect(await screen.findByText("It was not put into the field.")).toBeTruthy();
    expect(container.innerHTML).not.toContain("verySecretIndeed");
    expect(JSON.stringify(await host.openWorkspace("w1"))).not.toContain("verySecretIndeed");
  });

  it("is quiet again once the field is typed into", async () => {
    const { user } = await open();
    await user.click(box("Issuer URL"));
    await user.paste("https://sso.jumpcloud.com/saml2/acme");
    await screen.findByRole("button", { name: /^Move it/ });
    await user.type(box("Issuer URL"), "x");
    expect(screen.queryByRole("button", { name: /^Move it/ })).toBeNull();
  });
});

describe("Paste anything", () => {
  it("puts each value of a whole answer into its field, and overwrites none", async () => {
    const { host, user } = await open();
    await user.type(box("Issuer URL"), "JumpCloud");
    await user.click(box("Paste anything"));
    await user.paste(
      "Sign-in page: https://sso.jumpcloud.com/saml2/acme\nEntity ID: https://sso.acme.example/entity",
    );
    const found = within(await screen.findByRole("list", { name: "What was found" }));
    expect(found.getByText("put in its field")).toBeTruthy();
    expect(found.getByText("another value stands there")).toBeTruthy();
    expect(value(box("Name of your app"))).toBe("acme");
    expect(value(box("Issuer URL"))).toBe("JumpCloud");
    await user.click(found.getByRole("button", { name: "Replace it: Issuer URL" }));
    await waitFor(async () =>
      expect((await host.openWorkspace("w1")).draft.set_up.connection.issuer).toBe(
        "https://sso.acme.example/entity",
      ),
    );
  });

  it("takes a certificate to its place", async () => {
    const { user } = await open();
    await user.click(box("Paste anything"));
    await user.paste(pemOf(BODIES.acme));
    expect(await screen.findByRole("article", { name: "Certificate 1" })).toBeTruthy();
    expect(value(box("Paste anything"))).toBe("");
  });

  it("says so when nothing of it is a value", async () => {
    const { user } = await open();
    await user.click(box("Paste anything"));
    await user.paste("Have a nice day");
    await waitFor(() => expect(said()).toContain("Nothing in it is a value of this form."));
  });
});

describe("the ledger", () => {
  it("counts what was copied, until the value changes", async () => {
    const { user, host } = await open();
    vi.spyOn(host, "copy").mockResolvedValue();
    expect(screen.getByText("0 of 4 copied")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Copy ACS URLs" }));
    expect(await screen.findByText("1 of 4 copied")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Choose a provider" }));
    await user.click(screen.getByRole("radio", { name: /United States/ }));
    await user.click(screen.getByRole("button", { name: "Set up the connection" }));
    expect(await screen.findByText("0 of 4 copied")).toBeTruthy();
  });
});

describe("the key pair", () => {
  it("is made, shown with its certificate, and forgotten only after a question", async () => {
    const { user, host } = await open();
    await user.click(screen.getByText("Requests, keys and other choices"));
    await user.click(screen.getByRole("button", { name: "Make a key pair" }));
    await user.click(await screen.findByRole("button", { name: "Forget the key pair" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Keep it" }));
    expect((await host.openWorkspace("w1")).key_pair).not.toBeNull();
    await user.click(screen.getByRole("button", { name: "Forget the key pair" }));
    await user.click(
      within(screen.getByRole("dialog")).getByRole("button", { name: "Forget the key pair" }),
    );
    expect(await screen.findByRole("button", { name: "Make a key pair" })).toBeTruthy();
  });
});

it("Continue with nothing brought back names each field, and leads to it", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Continue" }));
  const summary = await screen.findByRole("region", { name: /stand in the way/ });
  for (const name of ["Sign-On URL", "Issuer URL", "Public certificate"]) {
    await user.click(within(summary).getByRole("link", { name: new RegExp(`^${name}`) }));
    expect(document.activeElement?.tagName).toMatch(/INPUT|TEXTAREA/);
    expect(document.activeElement?.closest("[data-path]")?.textContent).toContain(
      name === "Public certificate" ? "Certificate as text" : name,
    );
  }
});
