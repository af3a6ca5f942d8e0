import { mount } from "svelte";

import App from "./App.svelte";
import type { Host } from "./host";
import "./look/tokens.css";
import "./look/type.css";
import "./look/base.css";
import "./look/controls.css";

async function chooseHost(): Promise<Host> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./host/tauri")).tauri;
  return (await import("./host/fake/from-address")).fakeFromAddress(location.search);
}

async function open(target: HTMLElement): Promise<void> {
  const host = await chooseHost();
  const start = await host.start();
  // A workspace that cannot be opened again leaves the home page, where it is listed.
  const resumed = start.resume ? await host.openWorkspace(start.resume).catch(() => null) : null;
  mount(App, { target, props: { host, start, resumed } });
}

const target = document.getElementById("app");
if (target) void open(target);
