import { render } from "@testing-library/svelte";

import App from "../src/App.svelte";
import { fakeHost, type FakeOptions } from "../src/host/fake";
import type { Draft } from "../src/wire";

type Opening = FakeOptions & {
  /** What is otherwise in the workspace that opens. */
  change?: (draft: Draft) => void;
};

/** The whole interface on the fake host, as it opens in a scenario. */
export async function openApp({ change, ...options }: Opening = {}) {
  const host = fakeHost(options);
  const start = await host.start();
  let resumed = start.resume ? await host.openWorkspace(start.resume) : null;
  if (resumed && change) {
    change(resumed.draft);
    resumed = await host.keep(resumed.id, resumed.version, resumed.draft);
  }
  return { host, start, ...render(App, { host, start, resumed }) };
}
