import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";

import App from "../src/App.svelte";
import type { Host } from "../src/host";
import { fakeHost, type FakeOptions } from "../src/host/fake";
import type { Step } from "../src/wire";
import { en } from "../src/words/en";

/** The whole interface on one step of the scenario's first workspace. `change` alters the fake. */
export async function openStep(step: Step, options: FakeOptions, change: Partial<Host> = {}) {
  const host: Host = { ...fakeHost(options), ...change };
  const start = await host.start();
  const resumed = start.resume ? await host.openWorkspace(start.resume) : null;
  const user = userEvent.setup();
  const shown = render(App, { host, start, resumed });
  const rail = screen.getByRole("navigation", { name: en.steps.label });
  const link = within(rail).queryByRole("button", { name: en.steps[step].name });
  if (link) await user.click(link);
  await screen.findByRole("heading", { level: 1, name: en.steps[step].title });
  return { ...shown, host, user };
}

/** What was spoken last. */
export function said(): string {
  const texts = screen.getAllByRole("status").map(({ textContent }) => textContent?.trim() ?? "");
  return texts.filter(Boolean).join(" ");
}
