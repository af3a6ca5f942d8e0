import type { Attachment } from "svelte/attachments";

import { takesPaste, type Cleaned } from "../parts/clean";
import { isNoValue, type Guard } from "./guard.svelte";

/** Cleans what is pasted into a field, has the guard look at it, and listens for its key. */
export function guarded(
  guard: Guard,
  path: string,
  onCleaned: (cleaned: Cleaned[]) => void,
  onMove: (to: string) => void,
): Attachment<HTMLInputElement> {
  if (!guard.guards(path)) return takesPaste(onCleaned);
  const takes = takesPaste(onCleaned, {
    refuses: isNoValue,
    look: (text, before, refused) => void guard.look(path, text, before, refused),
  });
  return (input) => {
    const key = async (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !event.altKey) return;
      event.preventDefault();
      const to = await guard.move(path);
      if (to) onMove(to);
    };
    const typed = (event: Event) => {
      const pasted = event instanceof InputEvent && event.inputType.startsWith("insertFromPaste");
      if (!pasted) guard.dismiss(path);
    };
    input.addEventListener("keydown", key);
    input.addEventListener("input", typed);
    const end = takes(input);
    return () => {
      input.removeEventListener("keydown", key);
      input.removeEventListener("input", typed);
      end?.();
    };
  };
}
