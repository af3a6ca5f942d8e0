import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { salvageAt } from "../host/fake/salvage";
import Salvaged from "./home/Salvaged.svelte";

afterEach(cleanup);

const AT = "2026-11-22T18:00:00Z";

test("what came back and what is lost is said of each workspace, and where the damaged one is", async () => {
  const onread = vi.fn();
  render(Salvaged, { props: { salvage: salvageAt(AT), onread } });
  for (const sentence of [
    "Revisions 1, 3 and 4 came back.",
    "Revision 2 is lost.",
    "The draft is lost. It was made again from revision 2: check it before you go on.",
    "Nothing is known to be lost.",
    "Another workspace is lost. Only the journal tells that it was here.",
  ]) {
    screen.getByText(sentence);
  }
  screen.getByText(/latchkey-damaged-1f2e3d4c5b6a\.db$/);
  expect(onread).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "I have read this" }));
  expect(onread).toHaveBeenCalledOnce();
});

test("nothing is called whole where something is lost", () => {
  const [acme] = salvageAt(AT).workspaces;
  const salvage = { ...salvageAt(AT), workspaces: [acme!], lost_workspaces: 0, lost_lines: 0 };
  render(Salvaged, { props: { salvage, onread: () => {} } });
  expect(screen.queryByText("Nothing is known to be lost.")).toBeNull();
});
