import type { Salvage } from "../../wire";

/** A database of which most came back. */
export function salvageAt(at: string): Salvage {
  const whole = { draft_from: null, lost: [], lost_tests: 0, no_longer_enforced: false };
  return {
    at,
    damaged: "/home/olivia/.local/share/latchkey/latchkey-damaged-1f2e3d4c5b6a.db",
    workspaces: [
      { ...whole, name: "Acme", revisions: [1, 3, 4], lost: [2], tests: 2, lost_tests: 1 },
      { ...whole, name: "Globex", revisions: [1, 2], draft_from: 2, tests: 3 },
      { ...whole, name: "Initech", revisions: [1], tests: 1 },
    ],
    lost_workspaces: 1,
    lost_lines: 4,
  };
}
