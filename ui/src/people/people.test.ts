import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";

import { openStep, said } from "../../tests/open";
import type { Host } from "../host";
import { fakeHost } from "../host/fake";
import { told } from "../host/fake/told";

type User = Awaited<ReturnType<typeof openStep>>["user"];

function open(change: Partial<Host> = {}) {
  return openStep("claims", { scenario: "tested" }, change);
}

async function dialog(user: User) {
  await user.click(screen.getByRole("button", { name: "Bring in people" }));
  return screen.getByRole("dialog", { name: "Bring in people" });
}

async function fromFile(user: User) {
  await user.click(within(await dialog(user)).getByRole("button", { name: "Choose a file" }));
  await screen.findByText("240 people from people.csv");
}

async function paste(user: User, text: string) {
  const box = await dialog(user);
  await user.click(within(box).getByRole("radio", { name: /The clipboard/ }));
  const field = within(box).getByLabelText("Rows with addresses and groups");
  await fireEvent.input(field, { target: { value: text } });
  await user.click(within(box).getByRole("button", { name: "Read" }));
}

describe("bringing people in", () => {
  test("from a file shows how many get each role, and gives the focus back", async () => {
    const { user } = await open();
    await fromFile(user);
    const table = await screen.findByRole("table", { name: "How many get each role" });
    const rows = within(table).getAllByRole("row");
    expect(rows.at(-1)?.textContent).toContain("Everyone else");
    expect(said()).toContain("240 people from people.csv.");
    const others = screen.getByRole("button", { name: "Bring in others" });
    await waitFor(() => expect(document.activeElement).toBe(others));
  });

  test("counts at every rung, and at the floor who falls through", async () => {
    const { user } = await open();
    await fromFile(user);
    const rung = screen.getAllByRole("listitem").find((item) => item.dataset["index"] === "1");
    expect(await within(rung!).findByRole("button", { name: /^Rule 2 decides for/ })).toBeTruthy();
    expect(screen.getByRole("button", { name: /fall through\. Show them/ })).toBeTruthy();
  });

  test("a broken line is named, and the rest is read where that is chosen", async () => {
    const { user } = await open();
    await paste(user, 'email,groups\nana@acme.example,Dev\nbob@acme.example,"Dev\n');
    expect((await screen.findByText(/On line 3 the quotes/)).textContent).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /Leave out such lines/ }));
    await screen.findByText("1 person from the clipboard");
    expect(screen.getByText(/were left out: 1, on line 3/)).toBeTruthy();
  });

  test("a file without a known address column shows its columns, to be told which it is", async () => {
    const { user } = await open();
    await paste(user, "who,what\nana@acme.example,Dev\n");
    const who = await screen.findByRole("combobox", { name: "What who holds" });
    await user.selectOptions(who, "Address");
    await user.click(screen.getByRole("button", { name: "Read again" }));
    await screen.findByText("1 person from the clipboard");
  });

  test("a delimiter that was mistaken is set right, and the columns with it", async () => {
    const { user } = await open();
    await paste(
      user,
      "who,what;groups;email\nx,y;Dev;ana@acme.example\nx,z;Ops;bob@acme.example\n",
    );
    const between = await screen.findByRole("combobox", { name: "Between fields" });
    expect((between as HTMLSelectElement).value).toBe(",");
    await user.selectOptions(between, "Semicolon");
    await screen.findByRole("combobox", { name: "What email holds" });
    expect(said()).toContain("3 columns so far, not read yet. The first line names them.");
    expect(document.activeElement).toBe(between);
    await user.click(screen.getByRole("button", { name: "Read again" }));
    await screen.findByText("2 people from the clipboard");
  });

  test("a first line that names no columns is a person once that is said", async () => {
    const { user } = await open();
    await paste(user, "email,groups\nana@acme.example,Dev\n");
    await user.click(await screen.findByText("How the file was read"));
    const names = screen.getByRole("checkbox", { name: "The first line names the columns" });
    await user.click(names);
    await waitFor(() => expect(said()).toContain("The first line is a person."));
    const first = screen.getByRole("combobox", { name: "What Column 1 holds" });
    expect((first as HTMLSelectElement).value).toBe("email");
    await user.click(screen.getByRole("button", { name: "Read again" }));
    await screen.findByText("2 people from the clipboard");
  });

  test("UTF-16 as a spreadsheet saves it is read, and can be set right", async () => {
    const { user } = await open();
    const box = await dialog(user);
    const text = "\ufeffemail,groups\nzo\u00eb@acme.example,Dev\n";
    const bytes = new Uint8Array(new Uint16Array([...text].map((one) => one.charCodeAt(0))).buffer);
    const files = [new File([bytes], "unicode.csv")];
    await fireEvent.drop(within(box).getByRole("group", { name: "A file" }), {
      dataTransfer: { files },
    });
    await screen.findByText("1 person from unicode.csv");
    await user.click(screen.getByText("How the file was read"));
    const written = screen.getByRole("combobox", { name: "Characters" });
    expect((written as HTMLSelectElement).value).toBe("utf16_le");
    expect(screen.getByRole("cell", { name: "zo\u00eb@acme.example" })).toBeTruthy();
    await user.selectOptions(written, "Windows-1252");
    await waitFor(() => expect(screen.queryByRole("cell", { name: /zo\u00eb/ })).toBeNull());
  });

  test("a formula is shown as the text it is", async () => {
    const { user } = await open();
    await paste(user, "who,what\n=cmd|'/C calc'!A0,<b>Dev</b>\n");
    expect(await screen.findByText("=cmd|'/C calc'!A0")).toBeTruthy();
    expect(screen.getByText("<b>Dev</b>")).toBeTruthy();
  });

  test("a server that stops asks what becomes of those who came; the token is not on the page", async () => {
    const { user } = await open();
    const box = await dialog(user);
    await user.click(within(box).getByRole("radio", { name: /A SCIM 2.0 server/ }));
    await user.type(within(box).getByLabelText("Address"), "https://acme.example/scim/v2");
    await user.type(within(box).getByLabelText("Token"), "a-token");
    await user.click(within(box).getByRole("button", { name: "Read users and groups" }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("1 page came, with 120 people. There are more.");
    expect(document.body.innerHTML).not.toContain("a-token");
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Go on" }));
    await user.click(screen.getByRole("button", { name: "Keep 120 people" }));
    await screen.findByText("120 people from acme.example");
    expect(screen.getByText(/Reading ended early/)).toBeTruthy();
  });

  test("a server that stops goes on at the page that did not come", async () => {
    const { user } = await open();
    const box = await dialog(user);
    await user.click(within(box).getByRole("radio", { name: /Okta/ }));
    await user.type(within(box).getByLabelText("Organization"), "https://acme.okta.com");
    await user.type(within(box).getByLabelText("API token"), "a-token{Enter}");
    await user.click(await screen.findByRole("button", { name: "Go on" }));
    await screen.findByText("240 people from acme.okta.com");
  });

  test("a token that is refused is told, and nothing is held", async () => {
    const { user } = await open();
    const box = await dialog(user);
    await user.click(within(box).getByRole("radio", { name: /Okta/ }));
    await user.click(within(box).getByRole("button", { name: "Read users and groups" }));
    expect(document.activeElement).toBe(within(box).getByLabelText("Organization"));
    await user.type(within(box).getByLabelText("Organization"), "https://acme.okta.com");
    await user.type(within(box).getByLabelText("API token"), "refused{Enter}");
    expect((await screen.findByRole("alert")).textContent).toContain("does not accept the token");
  });
});

describe("people who are there", () => {
  test("are listed behind a number, and found by their address", async () => {
    const { user } = await open();
    await fromFile(user);
    await user.click(await screen.findByRole("button", { name: "Look somebody up" }));
    const list = screen.getByRole("dialog", { name: "Everybody" });
    expect((await within(list).findByRole("status")).textContent).toBe("1 to 50 of 240");
    await user.click(within(list).getByRole("button", { name: "Next" }));
    await waitFor(() =>
      expect(within(list).getByRole("status").textContent).toBe("51 to 100 of 240"),
    );
    await user.type(within(list).getByLabelText("Search by address"), "person-77@");
    expect(await within(list).findByRole("rowheader")).toBeTruthy();
    expect(within(list).getByRole("rowheader").textContent).toBe("person-77@acme.example");
  });

  test("a move says what it did to them", async () => {
    const { user } = await open();
    await fromFile(user);
    await screen.findByRole("table", { name: "How many get each role" });
    const added = await addStaff(user);
    await user.click(screen.getByRole("button", { name: `Move rule ${added} up` }));
    await user.click(screen.getByRole("button", { name: `Move rule ${added - 1} up` }));
    const changes = await screen.findByRole("region", { name: "What the last change did" });
    await waitFor(() => expect(changes.textContent).toMatch(/\d+ people:/));
  });

  test("offer their groups to a rule, with how many have each", async () => {
    const { user } = await open();
    await fromFile(user);
    await user.click(screen.getByRole("button", { name: "Edit rule 2" }));
    const form = screen.getByRole("group", { name: "Edit rule 2" });
    const field = within(form).getByLabelText("Claim value");
    await user.clear(field);
    await user.type(field, "s");
    const offer = await within(form).findByRole("button", { name: "Staff seen on 240 people" });
    await user.click(offer);
    expect((field as HTMLInputElement).value).toBe("Staff");
    await waitFor(() => expect(document.activeElement).toBe(field));
  });

  test("say what the rule in the hand would change, before it is let go", async () => {
    const { user } = await open();
    await fromFile(user);
    await addStaff(user);
    await press(3);
    await pointer("pointermove", 20);
    const changes = await screen.findByRole("region", { name: "If you let go here" });
    await waitFor(() => expect(changes.textContent).toContain("40 people: Contributor"));
    await fireEvent.keyDown(window, { key: "Escape" });
    await waitFor(() => expect(screen.queryByRole("region", { name: /let go here/ })).toBeNull());
    expect(screen.queryByText(/40 people: Contributor/)).toBeNull();
  });

  test("are counted for the rule in the hand in the turn in which it comes to a place", async () => {
    const { held, foresee } = await foreseeing();
    await press(3);
    await foresee();
    await pointer("pointermove", 20);
    const counted = held.count.mock.calls.length;
    for (const [y, at] of [
      [20, 0],
      [80, 1],
      [145, 2],
      [80, 1],
    ] as const) {
      await pointer("pointermove", y);
      // Nothing is waited for.
      const rungs = screen.getAllByRole("listitem").filter((item) => item.dataset["index"]);
      const decides = rungs.map((rung) =>
        within(rung).getByRole("button", { name: /decides for/ }),
      );
      expect(decides[3]?.getAttribute("aria-label")).toMatch(new RegExp(`^Rule ${at + 1} decides`));
      const changes = screen.getByRole("region", { name: "If you let go here" });
      expect(changes.textContent?.includes("40 people: Contributor")).toBe(at < 2);
    }
    expect(held.count.mock.calls.length).toBe(counted);
    await pointer("pointerup", 80);
    await screen.findByRole("region", { name: "What the last change did" });
    // What stays is counted by the program.
    await waitFor(() => expect(held.count.mock.calls.length).toBe(counted + 1));
  });

  test("are counted at each place as long as nothing is foreseen, and show what is once it comes", async () => {
    const { held, foresee } = await foreseeing();
    await press(3);
    const counted = held.count.mock.calls.length;
    held.count.mockImplementation(() => new Promise(() => {}));
    await pointer("pointermove", 20);
    await waitFor(() => expect(held.count.mock.calls.length).toBe(counted + 1));
    expect(screen.queryByText(/40 people: Contributor/)).toBeNull();
    await foresee();
    await screen.findByText(/40 people:/);
    await pointer("pointerup", 20);
  });

  test("are not told by a forecast for rules that were others", async () => {
    const { user, held, foresee } = await foreseeing();
    await press(3);
    await pointer("pointerup", 210);
    await user.click(screen.getByRole("button", { name: "Delete rule 2" }));
    await foresee();
    const counted = held.count.mock.calls.length;
    await user.click(screen.getByRole("button", { name: "Move rule 3 up" }));
    await waitFor(() => expect(held.count.mock.calls.length).toBeGreaterThan(counted));
    const table = screen.getByRole("table", { name: "How many get each role" });
    const host = await held.count.mock.results.at(-1)?.value;
    await waitFor(() => expect(table.textContent).toContain(String(host.recount.fallback)));
  });

  test("are asked only for the latest of many moves while an answer is on its way", async () => {
    const { people } = fakeHost({ scenario: "tested" });
    const asked: number[] = [];
    let answer = () => {};
    const slow: Partial<Host> = {
      people: {
        ...people,
        async count(id, rules, before) {
          asked.push(rules.length);
          await new Promise<void>((done) => (answer = done));
          return people.count(id, rules, before);
        },
      },
    };
    const { user } = await open(slow);
    await user.click(within(await dialog(user)).getByRole("button", { name: "Choose a file" }));
    await waitFor(() => expect(asked.length).toBe(1));
    await user.click(screen.getByRole("button", { name: "Delete rule 3" }));
    await user.click(screen.getByRole("button", { name: "Delete rule 2" }));
    answer();
    await waitFor(() => expect(asked.length).toBe(2));
    expect(asked).toEqual([3, 1]);
    answer();
  });

  test("are kept only once that is chosen, and where and what is said before", async () => {
    const { user, host } = await open();
    await fromFile(user);
    const keep = screen.getByRole("checkbox", { name: "Keep on this computer" });
    expect((keep as HTMLInputElement).checked).toBe(false);
    expect((await host.people.held("w1")).held?.kept).toBe(false);
    const says = document.getElementById(keep.getAttribute("aria-describedby") ?? "");
    expect(says?.textContent).toContain("latchkey-people-w1.bin");
    expect(says?.textContent).toContain("every address with its groups");
    expect(says?.textContent).toContain("It is deleted when you untick this");
    await user.click(keep);
    await waitFor(() => expect(said()).toContain("The people are kept on this computer."));
    expect((await host.people.held("w1")).held?.kept).toBe(true);
    expect(document.activeElement).toBe(keep);
    await user.click(keep);
    await waitFor(() => expect(said()).toContain("Their file was deleted."));
    expect((await host.people.held("w1")).held?.kept).toBe(false);
  });

  test("that could not be kept are not shown as kept", async () => {
    const { people } = fakeHost({ scenario: "tested" });
    const full = told("people_not_kept", { file: "a.bin", reason: "no storage space" });
    const { user } = await open({ people: { ...people, keep: () => Promise.reject(full) } });
    await user.click(within(await dialog(user)).getByRole("button", { name: "Choose a file" }));
    const keep = await screen.findByRole("checkbox", { name: "Keep on this computer" });
    await user.click(keep);
    await screen.findByText(/could not be kept in a.bin: no storage space/);
    expect((keep as HTMLInputElement).checked).toBe(false);
  });

  test("whose file is damaged are told of, and others can be brought in", async () => {
    const { people } = fakeHost({ scenario: "tested" });
    const lost = told("kept_people_set_aside", { file: "aside.bin" });
    const held = () => Promise.resolve({ held: null, file: "a.bin", lost });
    const { user } = await open({ people: { ...people, held } });
    await screen.findByText(/It was set aside as aside.bin/);
    await user.click(within(await dialog(user)).getByRole("button", { name: "Choose a file" }));
    await screen.findByText("240 people from people.csv");
    expect(screen.queryByText(/set aside/)).toBeNull();
  });

  test("are gone once they are dropped", async () => {
    const { user, host } = await open();
    await fromFile(user);
    await user.click(screen.getByRole("button", { name: "Drop them" }));
    expect(await screen.findByRole("button", { name: "Bring in people" })).toBeTruthy();
    expect((await host.people.held("w1")).held).toBeNull();
    expect(screen.queryByRole("button", { name: /decides for/ })).toBeNull();
  });
});

/** People are held, rule 4 is for all staff, and the program says what a move gives only when told to. */
async function foreseeing() {
  const { people } = fakeHost({ scenario: "tested" });
  let tell: (() => void)[] = [];
  const held = {
    ...people,
    count: vi.fn(people.count),
    foresee: vi.fn(async (...asked: Parameters<typeof people.foresee>) => {
      await new Promise<void>((done) => tell.push(done));
      return people.foresee(...asked);
    }),
  };
  const { user } = await open({ people: held });
  await fromFile(user);
  await addStaff(user);
  const foresee = async () => {
    const asked = held.foresee.mock.results.map(({ value }) => value as Promise<unknown>);
    tell.forEach((done) => done());
    tell = [];
    await Promise.all(asked);
    await new Promise((done) => setTimeout(done));
  };
  return { user, held, foresee };
}

/** Puts a hand on a rung; each is 60 pixels high. */
async function press(index: number) {
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(60);
  vi.spyOn(HTMLElement.prototype, "offsetTop", "get").mockImplementation(function (
    this: HTMLElement,
  ) {
    return Number(this.dataset["index"] ?? 0) * 60;
  });
  const list = screen.getByRole("list", { name: "Rules" });
  const grip = list.querySelector(`[data-index="${index}"] [data-grip]`);
  await pointer("pointerdown", index * 60 + 30, grip ?? list);
}

/** jsdom has no pointer events of its own. */
async function pointer(type: string, clientY: number, on: EventTarget = window) {
  const event = new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, clientY });
  Object.defineProperty(event, "pointerId", { value: 1 });
  await fireEvent(on as Window, event);
}

/** Adds a rule that gives everybody on the staff something; its number. */
async function addStaff(user: User): Promise<number> {
  await user.click(screen.getByRole("button", { name: "Add a rule" }));
  const form = screen.getByRole("group", { name: "New rule" });
  await user.clear(within(form).getByLabelText("Claim name"));
  await user.type(within(form).getByLabelText("Claim name"), "groups");
  await user.type(within(form).getByLabelText("Claim value"), "Staff");
  await user.selectOptions(within(form).getByRole("combobox"), "Owner");
  const add = screen.getByRole("button", { name: /^Add as rule \d/ });
  const number = Number(/\d+/.exec(add.textContent ?? "")?.[0]);
  await user.click(add);
  return number;
}
