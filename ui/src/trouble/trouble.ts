import { createContext } from "svelte";

/** Opens the pages for a sign-in that does not work. */
export const [openTrouble, provideTrouble] = createContext<() => void>();

/** Which of the pages is open. */
export type Place =
  | { at: "start" }
  | { at: "symptom"; id: string }
  | { at: "paste" | "har" | "changed" | "school" }
  /** With the error that was pasted before. */
  | { at: "bundle"; error: string };
