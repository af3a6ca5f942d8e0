import type { RevisionHead } from "../wire";
import { save } from "../words/save";

const words = save.revisions;

/** How a revision came to be. */
export function howOf({ origin, reason }: Pick<RevisionHead, "origin" | "reason">): string {
  if (typeof origin === "object") return words.restored(origin.restored.from);
  if (origin === "imported") return words.imported;
  return reason ? words.reason(reason) : words.proved;
}
