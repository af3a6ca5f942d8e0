import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { openStep, said } from "../../tests/open";

type User = Awaited<ReturnType<typeof openStep>>["user"];

const HEIGHT = 60;

/** The rules from the top, as they are read. */
function order(): string[] {
  return rungs().map((rung) => rung.querySelector(".role")?.textContent ?? "");
}

function rungs(): HTMLElement[] {
  return within(screen.getByRole("list", { name: "Rules" }))
    .getAllByRole("listitem")
    .filter((item) => item.hasAttribute("data-rung"));
}

function rung(index: number): HTMLElement {
  const found = rungs()[index];
  if (!found) throw new Error(`There is no rung ${index}.`);
  return found;
}

function open(change = {}) {
  return openStep("claims", { scenario: "tested" }, change);
}

describe("moving a rule", () => {
  test("by its button keeps the focus on that button and says the new place", async () => {
    const { user } = await open();
    const button = screen.getByRole("button", { name: "Move rule 1 down" });
    await user.click(button);
    expect(order()).toEqual(["Contributor", "Owner", "Viewer"]);
    await waitFor(() => expect(document.activeElement).toBe(button));
    expect(button.getAttribute("aria-label")).toBe("Move rule 2 down");
    expect(said()).toContain("Owner, now 2 of 3");
  });

  test.each([
    ["down", "Edit rule 1", "{Alt>}{ArrowDown}{/Alt}"],
    ["up", "Edit rule 3", "{Alt>}{ArrowUp}{/Alt}"],
    ["to the end", "Edit rule 1", "{Alt>}{End}{/Alt}"],
    ["to the beginning", "Edit rule 3", "{Alt>}{Home}{/Alt}"],
  ])(
    "%s by a key never takes it out of the document, nor the focus with it",
    async (_, name, keys) => {
      const { user } = await open();
      const edit = screen.getByRole("button", { name });
      const moving = edit.closest("[data-rung]");
      edit.focus();
      const removed: Node[] = [];
      const observer = new MutationObserver((records) =>
        records.forEach(({ removedNodes }) => removed.push(...removedNodes)),
      );
      observer.observe(screen.getByRole("list", { name: "Rules" }), { childList: true });
      await user.keyboard(keys);
      observer.disconnect();
      expect(removed.length).toBeGreaterThan(0);
      expect(removed).not.toContain(moving);
      expect(document.activeElement).toBe(edit);
    },
  );

  test("at the end does nothing but say so, and keeps the focus", async () => {
    const { user } = await open();
    const button = screen.getByRole("button", { name: "Move rule 1 up" });
    await user.click(button);
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
    expect(document.activeElement).toBe(button);
    expect(said()).toContain("at the top already");
  });

  test.each([
    ["{Alt>}{ArrowDown}{/Alt}", ["Contributor", "Owner", "Viewer"]],
    ["{Alt>}{End}{/Alt}", ["Contributor", "Viewer", "Owner"]],
    ["{Alt>}{ArrowDown}{ArrowDown}{ArrowUp}{/Alt}", ["Contributor", "Owner", "Viewer"]],
    ["{Alt>}{End}{Home}{/Alt}", ["Owner", "Contributor", "Viewer"]],
    ["{ArrowDown}", ["Owner", "Contributor", "Viewer"]],
  ])("by the keys %s", async (keys, expected) => {
    const { user } = await open();
    const edit = screen.getByRole("button", { name: "Edit rule 1" });
    edit.focus();
    await user.keyboard(keys);
    await waitFor(() => expect(order()).toEqual(expected));
    expect(document.activeElement).toBe(edit);
  });

  test("is kept at once, and the program says who stands where now", async () => {
    const { host, user } = await open();
    await user.click(screen.getByRole("button", { name: "Move rule 3 up" }));
    await waitFor(() =>
      expect(within(rung(1)).getByText("Decides for bob@acme.example")).toBeTruthy(),
    );
    await waitFor(async () => {
      const kept = await host.openWorkspace("w1");
      const roles = kept.draft.set_up.rules?.map(({ role }) => role);
      expect(roles).toEqual(["Owner", "Viewer", "Contributor"]);
    });
  });
});

describe("dragging", () => {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(HEIGHT);
    vi.spyOn(HTMLElement.prototype, "offsetTop", "get").mockImplementation(function (
      this: HTMLElement,
    ) {
      return Number(this.dataset["index"] ?? 0) * HEIGHT;
    });
  });

  /** jsdom has no pointer events of its own. */
  async function pointer(
    type: string,
    at: { clientY?: number; button?: number },
    on: EventTarget = window,
  ) {
    const event = new MouseEvent(type, { bubbles: true, cancelable: true, ...at });
    Object.defineProperty(event, "pointerId", { value: 1 });
    await fireEvent(on as Window, event);
  }

  function grip(index: number): Element {
    const found = rung(index).querySelector("[data-grip]");
    if (!found) throw new Error("There is no grip.");
    return found;
  }

  async function hold(index: number, travel: number, button = 0) {
    await pointer("pointerdown", { button, clientY: 0 }, grip(index));
    await pointer("pointermove", { clientY: travel });
  }

  test("to a place and letting go there moves the rule", async () => {
    await open();
    await hold(0, HEIGHT * 1.2);
    await pointer("pointerup", {});
    await waitFor(() => expect(order()).toEqual(["Contributor", "Owner", "Viewer"]));
    expect(said()).toContain("Owner, now 2 of 3");
  });

  test("shows the numbers and the people as they would be, and calls it a preview", async () => {
    await open();
    await hold(2, -HEIGHT * 1.2);
    expect(rungs().map((one) => one.querySelector(".number")?.textContent)).toEqual([
      "1",
      "3",
      "2",
    ]);
    await waitFor(() =>
      expect(within(rung(2)).getByText("Decides for bob@acme.example")).toBeTruthy(),
    );
    expect(screen.getByText(/^Preview:/)).toBeTruthy();
    expect(screen.getByText("What letting go here means for who was tested")).toBeTruthy();
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
  });

  test("ends with Escape where it began, and no later move of the pointer revives it", async () => {
    await open();
    await hold(0, HEIGHT * 2);
    await fireEvent.keyDown(window, { key: "Escape" });
    await pointer("pointermove", { clientY: HEIGHT * 2 });
    await pointer("pointerup", {});
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
    expect(said()).toContain("Back where it was");
    await waitFor(() => expect(rung(0).style.transform).toBe(""));
  });

  test("is taken back when the system takes the pointer away", async () => {
    await open();
    await hold(0, HEIGHT * 2);
    await pointer("pointercancel", {});
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
  });

  test("is not begun by a press that does not move, by another button, or beside the grip", async () => {
    await open();
    await hold(0, 3);
    expect(screen.queryByText(/^Preview:/)).toBeNull();
    await pointer("pointerup", {});
    await pointer("pointerdown", { button: 0, clientY: 0 }, rung(0));
    await pointer("pointermove", { clientY: HEIGHT * 2 });
    expect(screen.queryByText(/^Preview:/)).toBeNull();
    await hold(0, HEIGHT * 2, 2);
    expect(screen.queryByText(/^Preview:/)).toBeNull();
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
  });
});

describe("a place that is written", () => {
  const place = async (user: User, number: string) => {
    await user.click(screen.getByRole("button", { name: "Move to rule 1" }));
    const field = screen.getByLabelText("Position (1 to 3)");
    expect(document.activeElement).toBe(field);
    await user.keyboard(`{Control>}a{/Control}${number}`);
    return field;
  };

  test.each([
    ["3", ["Contributor", "Viewer", "Owner"]],
    ["2", ["Contributor", "Owner", "Viewer"]],
    ["99", ["Contributor", "Viewer", "Owner"]],
    ["0", ["Owner", "Contributor", "Viewer"]],
    ["1", ["Owner", "Contributor", "Viewer"]],
  ])("moves the rule to position %s, or to the end", async (number, expected) => {
    const { user } = await open();
    await place(user, number);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(order()).toEqual(expected));
    const at = expected.indexOf("Owner") + 1;
    await waitFor(() =>
      expect(document.activeElement?.getAttribute("aria-label")).toBe(`Move to rule ${at}`),
    );
    expect(said()).toContain(`Owner, now ${at} of 3`);
  });

  test("is left as it was by Escape, and by no number at all", async () => {
    const { user } = await open();
    await place(user, "{Delete}");
    await user.keyboard("{Enter}");
    expect(screen.getByLabelText("Position (1 to 3)")).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
    await waitFor(() =>
      expect(document.activeElement?.getAttribute("aria-label")).toBe("Move to rule 1"),
    );
  });
});

describe("many rules at once", () => {
  const TABLE =
    "Role\tValue\tClaim\nViewer\tDev\tgroups\nContributor\tSecOps\tgroups\nCreator\tOps\tgroups";

  async function paste(text: string) {
    const opened = await open();
    await opened.user.click(screen.getByRole("button", { name: "Paste many rules" }));
    const field = within(screen.getByRole("dialog")).getByLabelText("Rules", {
      selector: "textarea",
    });
    expect(document.activeElement).toBe(field);
    await opened.user.click(field);
    await opened.user.paste(text);
    return opened;
  }

  test("are shown with what there is to say, and added as one act", async () => {
    const { user } = await paste(TABLE);
    const dialog = within(screen.getByRole("dialog"));
    expect(await dialog.findByText(/3 rules were read/)).toBeTruthy();
    expect(dialog.getByText(/The same rule stands above, as rule 2/)).toBeTruthy();
    const boxes = dialog.getAllByRole<HTMLInputElement>("checkbox");
    expect(boxes.map(({ checked }) => checked)).toEqual([true, false, true]);
    await user.click(dialog.getByRole("button", { name: "Add 2 rules" }));
    await waitFor(() =>
      expect(order()).toEqual(["Owner", "Contributor", "Viewer", "Viewer", "Creator"]),
    );
    expect(said()).toContain("2 rules added at the end");
    await waitFor(() => expect(document.activeElement).not.toBe(document.body));
    await user.keyboard("{Control>}z{/Control}");
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
  });

  test("are not added while none is chosen, and the field says so", async () => {
    const { user } = await paste(TABLE);
    const dialog = within(screen.getByRole("dialog"));
    await dialog.findByText(/3 rules were read/);
    await user.click(dialog.getByRole("button", { name: "Choose none" }));
    await user.click(dialog.getByRole("button", { name: "Choose rules to add" }));
    expect(await dialog.findByText("No rule is chosen.")).toBeTruthy();
    expect(order()).toHaveLength(3);
  });

  test("are left out by Cancel, and the focus comes back", async () => {
    const { user } = await paste(TABLE);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(order()).toHaveLength(3);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Paste many rules" }));
  });
});

describe("Undo and Redo", () => {
  test("go to where the change was, and say what it was", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Delete rule 2" }));
    await user.click(screen.getByRole("button", { name: "Test the sign-in" }));
    await screen.findByRole("heading", { level: 1, name: "Test the sign-in" });
    await user.keyboard("{Control>}z{/Control}");
    await screen.findByRole("heading", { level: 1, name: "Map claims to roles" });
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
    expect(said()).toContain("Taken back: the deletion of a rule.");
  });

  test("take back a move and do it again, by keys and by buttons", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Move rule 1 down" }));
    await user.keyboard("{Control>}z{/Control}");
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
    expect(said()).toContain("Taken back");
    await user.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    expect(order()).toEqual(["Contributor", "Owner", "Viewer"]);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
  });

  test("bring a deleted rule back to its place", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Delete rule 2" }));
    expect(order()).toEqual(["Owner", "Viewer"]);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Delete rule 2" }));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
  });

  test("leave the keys to a field that is being typed in", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Delete rule 2" }));
    await user.click(screen.getByRole("button", { name: "Add a rule" }));
    await user.keyboard("{Control>}z{/Control}");
    expect(order()).toEqual(["Owner", "Viewer"]);
  });

  test("take back a whole edit, not a letter of it", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Edit rule 2" }));
    await user.type(within(rung(1)).getByLabelText("Claim value"), "-EU");
    await user.click(screen.getByRole("button", { name: "Done" }));
    expect(rung(1).querySelector(".value")?.textContent).toBe("SecOps-EU");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(rung(1).querySelector(".value")?.textContent).toBe("SecOps");
  });
});

describe("editing in place", () => {
  test("Escape brings back what was there, and the focus with it", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Edit rule 2" }));
    await user.type(within(rung(1)).getByLabelText("Claim value"), "!{Escape}");
    expect(rung(1).querySelector(".value")?.textContent).toBe("SecOps");
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("button", { name: "Edit rule 2" })),
    );
  });

  test("is one act, however many fields of the rule are written", async () => {
    const { user } = await open();
    const write = async () => {
      await user.click(screen.getByRole("button", { name: "Edit rule 2" }));
      await user.type(within(rung(1)).getByLabelText("Claim name"), "2");
      await user.type(within(rung(1)).getByLabelText("Claim value"), "-EU");
    };
    const text = () => rung(1).querySelector(".match")?.textContent;
    const before = text();
    await write();
    await user.keyboard("{Escape}");
    expect(text()).toBe(before);
    await write();
    await user.keyboard("{Enter}");
    expect(text()).toContain("SecOps-EU");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(text()).toBe(before);
  });

  test("Enter ends the edit and does not leave the page", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Edit rule 2" }));
    const submitted = vi.fn();
    document.addEventListener("submit", submitted, { once: true });
    await user.type(within(rung(1)).getByLabelText("Claim value"), "2{Enter}");
    expect(rung(1).querySelector(".value")?.textContent).toBe("SecOps2");
    expect(submitted).not.toHaveBeenCalled();
  });

  test("a custom role is given by name where the service has such roles", async () => {
    const { host, user } = await open();
    await user.click(screen.getByRole("button", { name: "Edit rule 3" }));
    await user.selectOptions(within(rung(2)).getByLabelText("Role"), "Custom role…");
    await user.type(within(rung(2)).getByLabelText("Name of the custom role"), "Auditor{Enter}");
    expect(order()).toEqual(["Owner", "Contributor", "Auditor"]);
    await waitFor(async () => {
      const { draft } = await host.openWorkspace("w1");
      expect(draft.set_up.rules?.[2]?.role).toBe("Auditor");
    });
  });

  test("a copy stands below its rule, open", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Duplicate rule 2" }));
    expect(rungs()).toHaveLength(4);
    await waitFor(() =>
      expect(document.activeElement).toBe(within(rung(2)).getByLabelText("Claim name")),
    );
  });
});

test("a rule that is added is said with the number that it got", async () => {
  const { user } = await openStep("claims", { scenario: "tested" });
  await user.click(screen.getByRole("button", { name: "Add a rule" }));
  await user.type(screen.getByLabelText("Claim name"), "groups");
  await user.type(screen.getByLabelText("Claim value"), "Night shift");
  await user.selectOptions(screen.getByLabelText("Role"), "Viewer");
  const number = order().length + 1;
  await user.click(screen.getByRole("button", { name: `Add as rule ${number}` }));
  expect(order()).toHaveLength(number);
  expect(said()).toContain(`Added as rule ${number}.`);
});

describe("the first rule", () => {
  async function openFirst() {
    const opened = await openStep("test", { scenario: "failing" });
    return opened;
  }

  test("is offered once, filled in with the Owner's address, and edited before it is added", async () => {
    const { host, unmount } = await openFirst();
    const desk = await host.openWorkspace("w1");
    Object.assign(desk.draft, { proposed: null, offered: false, step: "claims" });
    desk.draft.set_up.rules = [];
    await host.keep("w1", desk.version, desk.draft);
    unmount();
    const { user } = await openStep("claims", {}, host);
    expect(await screen.findByText("Recommended")).toBeTruthy();
    const value = screen.getByLabelText<HTMLInputElement>("Claim value");
    expect(value.value).toBe("olivia@acme.example");
    expect(screen.getByLabelText<HTMLSelectElement>("Role").value).toBe("Owner");
    await user.clear(value);
    const submitted = vi.fn();
    document.addEventListener("submit", submitted, { once: true });
    await user.type(value, "{Enter}");
    expect(submitted).not.toHaveBeenCalled();
    expect(screen.getByText("This field is empty.")).toBeTruthy();
    expect(document.activeElement).toBe(value);
    await user.type(value, "olivia@acme.example");
    await user.click(screen.getByRole("button", { name: "Add as rule 1" }));
    expect(order()).toEqual(["Owner"]);
    expect(screen.queryByText("Recommended")).toBeNull();
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("button", { name: "Edit rule 1" })),
    );
  });
});

describe("the Owner's rule", () => {
  const alone = async () => {
    const { host, unmount } = await openStep("test", { scenario: "tested" });
    await host.forgetTest("w1", "e2");
    unmount();
    return openStep("claims", {}, host);
  };

  test.each(["Delete rule 1", "Edit rule 1"])(
    "is guarded against %s until a second person is proved",
    async (act) => {
      const { user } = await alone();
      await user.click(screen.getByRole("button", { name: act }));
      const dialog = screen.getByRole("dialog", { name: "This rule keeps you in" });
      expect(within(dialog).getByText(/No second person has signed in/)).toBeTruthy();
      await user.click(within(dialog).getByRole("button", { name: "Keep the rule" }));
      expect(order()).toEqual(["Owner", "Contributor", "Viewer"]);
      expect(screen.queryByRole("dialog")).toBeNull();
    },
  );

  test("is deleted once that is confirmed", async () => {
    const { user } = await alone();
    await user.click(screen.getByRole("button", { name: "Delete rule 1" }));
    await user.click(screen.getByRole("button", { name: "Go on all the same" }));
    expect(order()).toEqual(["Contributor", "Viewer"]);
  });

  test("is not guarded once a second person is proved", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "Delete rule 1" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(order()).toEqual(["Contributor", "Viewer"]);
  });

  test("may be moved without a question", async () => {
    const { user } = await alone();
    await user.click(screen.getByRole("button", { name: "Move rule 1 down" }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("rules tried on claims", () => {
  async function tryOn(text: string) {
    const opened = await open();
    await opened.user.click(screen.getByText("Try the rules on claims"));
    const field = screen.getByLabelText("Claims");
    await opened.user.click(field);
    await opened.user.paste(text);
    return { ...opened, field };
  }

  test("light up the rule that decides, and the others say why not", async () => {
    await tryOn('{ "groups": ["Everyone", "secops"] }');
    expect(await screen.findByText("Rule 3 decides.", { exact: false })).toBeTruthy();
    expect(rung(2).classList).toContain("tried");
    expect(within(rung(1)).getByText(/Rule 2 says SecOps/)).toBeTruthy();
    expect(screen.getByText("Typed claims. Nobody vouches for them.")).toBeTruthy();
  });

  test("are tried anew when a rule moves", async () => {
    const { user } = await tryOn('{ "groups": ["Everyone", "SecOps"] }');
    await screen.findByText("Rule 2 decides.", { exact: false });
    await user.click(screen.getByRole("button", { name: "Move rule 3 up" }));
    await waitFor(() => expect(rung(1).querySelector(".role")?.textContent).toBe("Viewer"));
    await waitFor(() => expect(rung(1).classList).toContain("tried"));
  });

  test("say what keeps a text from being claims", async () => {
    const { field } = await tryOn("SecOps");
    expect(await screen.findByText(/neither a JSON object of claims, nor a token/)).toBeTruthy();
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });

  test("are those of a person who was tested", async () => {
    const { user } = await open();
    await user.click(screen.getByText("Try the rules on claims"));
    await user.selectOptions(screen.getByLabelText("Whose claims"), "bob@acme.example");
    expect(await screen.findByText("The verified claims of a test sign-in.")).toBeTruthy();
    expect(rung(1).classList).toContain("tried");
  });
});
