import { mount, unmount } from "svelte";

import App from "./App.svelte";
import { toldFrom, type Host } from "./host";
import "./look/tokens.css";
import "./look/type.css";
import "./look/base.css";
import "./look/controls.css";
import Refused from "./Refused.svelte";
import { en } from "./words/en";

async function chooseHost(): Promise<Host> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./host/tauri")).tauri;
  return (await import("./host/fake/from-address")).fakeFromAddress(location.search);
}

async function open(target: HTMLElement, host: Host): Promise<void> {
  const start = await host.start();
  // A workspace that cannot be opened again leaves the home page, where it is listed.
  const resumed = start.resume ? await host.openWorkspace(start.resume).catch(() => null) : null;
  mount(App, { target, props: { host, start, resumed } });
}

/** Opens the interface; where that is refused, says why and offers to try again. */
async function begin(target: HTMLElement): Promise<void> {
  try {
    await open(target, await chooseHost());
  } catch (thrown) {
    const props = { told: toldFrom(thrown, en.unexpected), onagain: () => void again() };
    const refused = mount(Refused, { target, props });
    const again = async () => {
      await unmount(refused);
      await begin(target);
    };
  }
}

const target = document.getElementById("app");
if (target) void begin(target);
