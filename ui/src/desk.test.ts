import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { OpenDesk } from "./desk.svelte";
import type { Host } from "./host";
import { fakeHost, type Scenario } from "./host/fake";
import type { Bringing, Desk, Draft, SignInAsk } from "./wire";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function open(scenario: Scenario = "midway") {
  const host = fakeHost({ scenario });
  const { resume } = await host.start();
  if (!resume) throw new Error("The scenario has nothing to open.");
  return { host, desk: new OpenDesk(host, await host.openWorkspace(resume)) };
}

const named = (name: string) => (draft: Draft) => void (draft.set_up.workspace.name = name);

/** Holds back the answers of `keep` until they are let go, one by one. */
function heldBack(host: Host) {
  const waiting: (() => void)[] = [];
  const real = host.keep;
  const versions: number[] = [];
  host.keep = async (id, version, draft) => {
    versions.push(version);
    await new Promise<void>((go) => waiting.push(go));
    return real(id, version, draft);
  };
  const letGo = async () => {
    waiting.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { letGo, waiting, versions };
}

describe("what is typed", () => {
  it("is kept after a pause, once for many keys", async () => {
    const { host, desk } = await open();
    const keep = vi.spyOn(host, "keep");
    for (const name of ["A", "Ac", "Acm", "Acme"]) desk.edit(named(name));
    expect(keep).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(250);
    expect(keep).toHaveBeenCalledOnce();
    expect((await host.openWorkspace(desk.id)).draft.set_up.workspace.name).toBe("Acme");
    expect(desk.dirty).toBe(false);
  });

  it("while a keep is under way is kept by the next one, never by two at once", async () => {
    const { host, desk } = await open();
    const { letGo, waiting, versions } = heldBack(host);
    desk.edit(named("first"));
    const done = desk.flush();
    await vi.advanceTimersByTimeAsync(0);
    desk.edit(named("second"));
    void desk.flush();
    await vi.advanceTimersByTimeAsync(0);
    expect(waiting).toHaveLength(1);
    await letGo();
    expect(desk.draft.set_up.workspace.name).toBe("second");
    expect(desk.dirty).toBe(true);
    await letGo();
    await done;
    expect(versions).toEqual([1, 2]);
    expect(desk.dirty).toBe(false);
    expect((await host.openWorkspace(desk.id)).draft.set_up.workspace.name).toBe("second");
  });

  it("stays when the disk refuses, and is kept when it is tried again", async () => {
    const { host, desk } = await open();
    const keep = vi.spyOn(host, "keep").mockRejectedValueOnce(new Error("disk full"));
    desk.edit(named("Acme"));
    expect(await desk.flush()).toBe(false);
    expect(desk.problem?.code).toBe("unexpected");
    expect(desk.draft.set_up.workspace.name).toBe("Acme");
    expect(desk.dirty).toBe(true);
    expect(await desk.flush()).toBe(true);
    expect(desk.problem).toBeNull();
    expect(keep).toHaveBeenCalledTimes(2);
  });

  it("under a name that is taken stays, is refused at its field, and goes through renamed", async () => {
    const { host, desk } = await open();
    desk.edit(named("Acme Research"));
    expect(await desk.flush()).toBe(false);
    expect(desk.shownAt("workspace.name").map(({ code }) => code)).toEqual(["name_taken"]);
    expect(desk.draft.set_up.workspace.name).toBe("Acme Research");
    desk.edit(named("Acme Research 2"));
    expect(await desk.flush()).toBe(true);
    expect(desk.shownAt("workspace.name")).toEqual([]);
    expect((await host.openWorkspace(desk.id)).draft.set_up.workspace.name).toBe("Acme Research 2");
  });

  it("survives a change of step, which is kept at once", async () => {
    const { host, desk } = await open();
    desk.edit(named("Acme"));
    await desk.back();
    const kept = await host.openWorkspace(desk.id);
    expect(kept.draft.step).toBe("provider");
    expect(kept.draft.reached).toBe("connection");
    expect(kept.draft.set_up.workspace.name).toBe("Acme");
  });
});

describe("a change made elsewhere", () => {
  async function conflicted() {
    const { host, desk } = await open();
    const other = await host.openWorkspace(desk.id);
    other.draft.set_up.workspace.name = "Theirs";
    await host.keep(desk.id, other.version, other.draft);
    desk.edit(named("Mine"));
    expect(await desk.flush()).toBe(false);
    return { host, desk };
  }

  it("is never overwritten, and what was typed is shown beside it", async () => {
    const { host, desk } = await conflicted();
    expect(desk.conflict?.typed.set_up.workspace.name).toBe("Mine");
    expect(desk.conflict?.theirs.draft.set_up.workspace.name).toBe("Theirs");
    expect((await host.openWorkspace(desk.id)).draft.set_up.workspace.name).toBe("Theirs");
    expect(desk.problem).toBeNull();
  });

  it("is not overwritten by typing on, either", async () => {
    const { host, desk } = await conflicted();
    desk.edit(named("Mine too"));
    await vi.advanceTimersByTimeAsync(1000);
    expect((await host.openWorkspace(desk.id)).draft.set_up.workspace.name).toBe("Theirs");
  });

  it("can be loaded", async () => {
    const { desk } = await conflicted();
    desk.takeTheirs();
    expect(desk.conflict).toBeNull();
    expect(desk.draft.set_up.workspace.name).toBe("Theirs");
    expect(desk.dirty).toBe(false);
  });

  it("can be replaced knowingly", async () => {
    const { host, desk } = await conflicted();
    await desk.keepTyped();
    expect(desk.conflict).toBeNull();
    expect((await host.openWorkspace(desk.id)).draft.set_up.workspace.name).toBe("Mine");
  });
});

describe("Continue", () => {
  it("stays on a step with errors and shows them all", async () => {
    const { desk } = await open();
    expect(desk.shownErrorsOf("connection")).toEqual([]);
    expect(await desk.proceed()).toBe(false);
    expect(desk.step).toBe("connection");
    expect(desk.shownErrorsOf("connection").map(({ path }) => path)).toEqual([
      "connection.client_id",
      "connection.client_secret",
    ]);
  });

  it("goes on once nothing stands in the way, with the typed secret kept", async () => {
    const { host, desk } = await open();
    desk.edit((draft) => void (draft.set_up.connection.client_id = "abc"));
    desk.typedSecret = "s3cret";
    expect(await desk.proceed()).toBe(true);
    expect(desk.step).toBe("claims");
    expect(desk.typedSecret).toBe("");
    expect(await host.revealSecret(desk.id)).toBe("s3cret");
    expect((await host.openWorkspace(desk.id)).draft.step).toBe("claims");
  });

  it("keeps the secret in its field when it cannot be kept", async () => {
    const { host, desk } = await open();
    vi.spyOn(host, "keepSecret").mockRejectedValue(new Error("keychain locked"));
    desk.typedSecret = "s3cret";
    expect(await desk.proceed()).toBe(false);
    expect(desk.typedSecret).toBe("s3cret");
    expect(desk.problem).not.toBeNull();
  });

  it("stays where a secret was refused, and says so until it is kept", async () => {
    const { host, desk } = await open();
    const refusing = vi.spyOn(host, "keepSecret").mockRejectedValue(new Error("keychain locked"));
    const from = desk.step;
    desk.typedSecret = "s3cret";
    await desk.go("claims");
    expect([desk.step, desk.typedSecret]).toEqual([from, "s3cret"]);
    expect(desk.problem).not.toBeNull();
    refusing.mockRestore();
    await desk.go("claims");
    expect([desk.step, desk.typedSecret, desk.problem]).toEqual(["claims", "", null]);
  });
});

describe("a test sign-in", () => {
  const ask = { way: "window", expected_role: null } as SignInAsk;

  it("does not run with settings that are not those on the screen", async () => {
    const { host, desk } = await open();
    const signIn = vi.spyOn(host, "signIn");
    const bring = vi.spyOn(host, "bringAnswer");
    const refusing = vi.spyOn(host, "keep").mockRejectedValue(new Error("the disk is full"));
    desk.edit((draft) => void (draft.set_up.connection.client_id = "another"));
    await expect(desk.signIn(ask, () => {})).rejects.toHaveProperty("what");
    await expect(desk.bring({} as Bringing)).rejects.toHaveProperty("what");
    expect(signIn).not.toHaveBeenCalled();
    expect(bring).not.toHaveBeenCalled();
    refusing.mockRestore();
    signIn.mockRejectedValue(new Error("somebody closed it"));
    await desk.signIn(ask, () => {}).catch(() => {});
    expect(signIn).toHaveBeenCalled();
  });
});

describe("typing without a pause", () => {
  it("is kept on the way", async () => {
    const { host, desk } = await open();
    const keep = vi.spyOn(host, "keep");
    for (let typed = 1; typed <= 20; typed += 1) {
      desk.edit((draft) => void (draft.set_up.connection.client_id = "x".repeat(typed)));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(keep).toHaveBeenCalled();
    await desk.flush();
  });
});

describe("findings at a field", () => {
  it("wait until the field was left with content", async () => {
    const { host, desk } = await open();
    const { id } = await host.createWorkspace();
    const fresh = new OpenDesk(host, await host.openWorkspace(id));
    const path = "workspace.owner_email";
    fresh.leave(path, "");
    expect(fresh.shownAt(path)).toEqual([]);
    fresh.edit((draft) => void (draft.set_up.workspace.owner_email = "olivia"));
    await fresh.flush();
    expect(fresh.shownAt(path)).toEqual([]);
    fresh.leave(path, "olivia");
    await vi.advanceTimersByTimeAsync(0);
    expect(fresh.shownAt(path).map(({ code }) => code)).toEqual(["not_an_email"]);
    expect(desk.id).not.toBe(fresh.id);
  });

  it("are never those of what stood in it before", async () => {
    const { host } = await open();
    const { id } = await host.createWorkspace();
    const desk = new OpenDesk(host, await host.openWorkspace(id));
    const path = "workspace.owner_email";
    desk.edit((draft) => void (draft.set_up.workspace.owner_email = "olivia"));
    await desk.flush();
    const { letGo } = heldBack(host);
    desk.edit((draft) => void (draft.set_up.workspace.owner_email = "olivia@acme.example"));
    desk.leave(path, "olivia@acme.example");
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.shownAt(path)).toEqual([]);
    await letGo();
    expect(desk.shownAt(path)).toEqual([]);
  });
});

it("an older answer never replaces a newer one", async () => {
  const { host, desk } = await open("tested");
  const old: Desk = await host.openWorkspace(desk.id);
  vi.spyOn(host, "signIn").mockImplementation(async () => {
    desk.edit(named("Newer"));
    await desk.flush();
    const verdict = { verified: false, stages: [], subject: null, claims: {} };
    return {
      verdict: { ...verdict, role: null, rule: null, resolution: null },
      evidence: null,
      desk: old,
    };
  });
  await desk.signIn(
    { way: "window", response_mode: "usual", hint: null, expected_role: null, dashboard: null },
    () => {},
  );
  expect(desk.kept.version).toBeGreaterThan(old.version);
  expect(desk.kept.draft.set_up.workspace.name).toBe("Newer");
});
