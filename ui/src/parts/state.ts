import type { State } from "../wire";
import type { Meaning } from "./StateMark.svelte";

/** How the state of a workspace is drawn. Only evidence makes it green. */
export function meaningOf(state: State): Meaning {
  switch (state) {
    case "draft":
      return "plain";
    case "tested":
    case "saved":
    case "enforced":
      return "proved";
    case "needs_attention":
      return "attention";
  }
}
