import { cleanup } from "@testing-library/svelte";
import { expect, it } from "vitest";

import { openApp } from "../../tests/in-workspace";
import { stepsFor } from "../guide";
import { catalogue } from "../host/fake/catalogue";
import type { Protocol } from "../wire";

/** What shows where a word or a value is missing. A template of code keeps its braces. */
const MISSING = /undefined|\bnull\b|NaN|\[object|\{(?!client_id)\w+\}/;

const all = catalogue.providers.flatMap(({ id, protocols }) =>
  protocols.map((protocol): [string, Protocol] => [id, protocol]),
);

function missingIn(page: HTMLElement): string[] {
  const spoken = [...page.querySelectorAll("[aria-label]")].map((one) => one.ariaLabel ?? "");
  const empty = [...page.querySelectorAll("li, dt, label, legend, h2, h3, button")]
    .filter((one) => one.textContent.trim() === "" && !one.getAttribute("aria-label"))
    .map((one) => one.outerHTML);
  const texts = [page.textContent, ...spoken].filter((text) => MISSING.test(text));
  return [...texts.map((text) => MISSING.exec(text)?.[0] ?? ""), ...empty];
}

it.each(all)("step 2 of %s by %s has every word", async (provider, protocol) => {
  const { container } = await openApp({
    scenario: protocol === "oidc" ? "midway" : "saml",
    change: ({ set_up: { connection } }) => {
      connection.provider = provider;
      connection.protocol = protocol;
    },
  });
  expect(missingIn(container)).toEqual([]);
  const guide = catalogue.providers.find(({ id }) => id === provider)?.[protocol];
  const torq = catalogue.services[0] ?? null;
  if (!guide) throw new Error(`${provider} has no guide.`);
  for (const { text } of stepsFor(guide, protocol, torq)) {
    expect(container.textContent).toContain(text);
  }
  for (const trap of guide.traps) expect(container.textContent).toContain(trap);
  // The guide for any provider knows no console's names.
  const labels = provider === "other" ? [] : Object.values(guide.labels).flat();
  for (const label of labels) {
    if (typeof label === "string") expect(container.textContent).toContain(label);
  }
  cleanup();
});

it("a word that is missing would be found", () => {
  const page = document.createElement("div");
  for (const html of ["<p>In the undefined</p>", "<li> </li>", "<p>at {domain}</p>"]) {
    page.innerHTML = html;
    expect(missingIn(page)).not.toEqual([]);
  }
});
