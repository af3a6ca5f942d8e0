import { beforeEach, describe, expect, test } from "vitest";

import { OpenDesk } from "../desk.svelte";
import { fakeHost } from "../host/fake";
import { Ladder } from "../rules/ladder.svelte";
import { partsOf } from "./parts";
import { patchOf, patched, reversed } from "./patch";

let desk: OpenDesk;
let ladder: Ladder;

beforeEach(async () => {
  const host = fakeHost({ scenario: "tested" });
  desk = new OpenDesk(host, await host.openWorkspace("w1"));
  ladder = new Ladder(desk);
});

const bytes = () => JSON.stringify(partsOf(desk.draft));

/** Numbers that look random and are the same at each run. */
function dice(seed: number) {
  return (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
}

test("a patch makes the one text of the other, and back", () => {
  const texts = ["", "a", "aa", "aba", "[1,2,3]", "[1,3]", "[1,2,2,3]", "äöü", "Caf\u0065\u0301"];
  for (const before of texts) {
    for (const after of texts) {
      const patch = patchOf(before, after);
      if (!patch) expect(before).toBe(after);
      else {
        expect(patched(before, patch)).toBe(after);
        expect(patched(after, reversed(patch))).toBe(before);
      }
    }
  }
});

test("a patch is refused by a text that it was not made for", () => {
  expect(patched("abd", { at: 1, out: "c", into: "x" })).toBeNull();
});

describe("Undo", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "restores the draft to the byte, act by act, and Redo does it again (run %i)",
    (seed) => {
      const roll = dice(seed);
      const states = [bytes()];
      const acts: (() => void)[] = [
        () => ladder.add({ claim: "groups", value: `g${roll(99)}`, role: "Viewer" }, roll(9)),
        () => ladder.move(roll(ladder.rules.length), roll(ladder.rules.length)),
        () => ladder.copy(roll(ladder.rules.length)),
        () => {
          // The Owner's rule would ask first.
          const index = ladder.rules.findIndex(({ claim }) => claim === "groups");
          if (index >= 0) ladder.remove(index);
        },
        () => ladder.paste([0, 1, 2].map((n) => ({ claim: "c", value: `${n}`, role: "Owner" }))),
        () => {
          const key = ladder.rungs.at(-1)?.key;
          if (key === undefined) return;
          ladder.begin(key);
          for (const value of ["T", "Te", "Tea", `Team ${roll(99)}`]) ladder.write({ value });
          ladder.write({ role: "Creator" });
          ladder.done();
        },
        () => ladder.propose({ value: `${roll(999)}` }),
        () => ladder.dropProposed(),
        () =>
          desk.edit((draft) => (draft.set_up.connection.issuer = `https://${roll(99)}.example`)),
        () => desk.edit((draft) => (draft.backup_account = `backup${roll(99)}@acme.example`)),
        () => desk.edit((draft) => (draft.set_up.connection.login_hint = roll(2) === 0)),
      ];
      for (let n = 0; n < 120; n += 1) {
        acts[roll(acts.length)]?.();
        ladder.done();
        desk.deeds.seal();
        if (bytes() !== states.at(-1)) states.push(bytes());
      }
      for (const state of states.slice(0, -1).reverse()) {
        ladder.undo(() => {});
        expect(bytes()).toBe(state);
      }
      expect(desk.deeds.canUndo).toBe(false);
      for (const state of states.slice(1)) {
        ladder.redo(() => {});
        expect(bytes()).toBe(state);
      }
      expect(desk.deeds.canRedo).toBe(false);
    },
  );

  test("has no limit", () => {
    const before = bytes();
    for (let n = 0; n < 2000; n += 1) ladder.move(0, 2);
    while (desk.deeds.canUndo) ladder.undo(() => {});
    expect(bytes()).toBe(before);
  });

  test("takes what was typed in one field back as one act", () => {
    const before = bytes();
    for (const name of ["A", "Ac", "Acm"]) {
      desk.edit((draft) => (draft.set_up.workspace.name = name));
    }
    expect(desk.undo()).toEqual({ to: "fields", paths: ["workspace.name"] });
    expect(bytes()).toBe(before);
  });

  test("takes two fields back one after the other", () => {
    desk.edit((draft) => (draft.set_up.workspace.name = "Acme 2"));
    desk.edit((draft) => (draft.set_up.connection.client_id = "0oa2"));
    expect(desk.undo()).toEqual({ to: "fields", paths: ["connection.client_id"] });
    expect(desk.draft.set_up.workspace.name).toBe("Acme 2");
  });

  test("leaves rules that only moved the objects that they are", () => {
    const [first] = ladder.rungs;
    ladder.move(0, 2);
    ladder.undo(() => {});
    expect(ladder.rungs[0]?.key).toBe(first?.key);
  });

  test("knows nothing of an edit that was cancelled, or ended as it began", () => {
    ladder.begin(ladder.rungs[1]?.key ?? "");
    ladder.write({ value: "x" });
    ladder.cancel();
    ladder.begin(ladder.rungs[1]?.key ?? "");
    ladder.write({ value: "x" });
    ladder.write({ value: "SecOps" });
    ladder.done();
    expect(desk.deeds.canUndo).toBe(false);
  });

  test("forgets the way back once something else is done", () => {
    ladder.move(0, 1);
    ladder.undo(() => {});
    ladder.move(0, 2);
    expect(desk.deeds.canRedo).toBe(false);
  });

  test("is kept like everything else that is done", async () => {
    ladder.move(0, 2);
    await desk.flush();
    desk.undo();
    await desk.flush();
    expect(desk.kept.draft.set_up.rules).toEqual(desk.draft.set_up.rules);
    expect(desk.kept.draft.set_up.rules?.[0]?.claim).toBe("email");
  });
});
