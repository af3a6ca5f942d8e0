import { render } from "@testing-library/svelte";

import App from "../src/App.svelte";
import { fakeHost, type FakeOptions } from "../src/host/fake";

/** The whole interface on the fake host, as it opens in a scenario. */
export async function openApp(options: FakeOptions = {}) {
  const host = fakeHost(options);
  const start = await host.start();
  const resumed = start.resume ? await host.openWorkspace(start.resume) : null;
  return { host, start, ...render(App, { host, start, resumed }) };
}
