import type { Attachment } from "svelte/attachments";

/** What was taken away from a pasted value. */
export type Cleaned = "space" | "breaks" | "unseen" | "quotes";

const UNSEEN = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u00AD]/g;
const QUOTED = /^(["'“”„‟«»‘’‚‛`])(.*)(["'“”„‟«»‘’‚‛`])$/s;

/**
 * A pasted value without what travels along unseen: characters of no width, line breaks, quotation
 * marks and white space around it. Nothing inside the value is changed but line breaks.
 */
export function clean(pasted: string): { value: string; cleaned: Cleaned[] } {
  const cleaned = new Set<Cleaned>();
  const step = (kind: Cleaned, from: string, to: string) => {
    if (to !== from) cleaned.add(kind);
    return to;
  };
  let value = step("unseen", pasted, pasted.replace(UNSEEN, ""));
  value = step("space", value, value.trim());
  value = step("breaks", value, value.replace(/[ \t]*[\r\n]+[ \t]*/g, ""));
  value = step("quotes", value, value.replace(QUOTED, "$2"));
  value = step("space", value, value.trim());
  return { value, cleaned: [...cleaned] };
}

/** Who looks at a pasted text besides. */
export type Watch = {
  /** Whether the text is to be kept out of the field. */
  refuses: (text: string) => boolean;
  /** Hears of every paste: the text, what stood in the field before, whether it was kept out. */
  look: (text: string, before: string, refused: boolean) => void;
};

/** Cleans what is pasted into an input, in a way that Undo of the keyboard takes back. */
export function takesPaste(
  onCleaned: (cleaned: Cleaned[]) => void,
  watch?: Watch,
): Attachment<HTMLInputElement> {
  return (input) => {
    const paste = (event: ClipboardEvent) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      const before = input.value;
      const refused = watch?.refuses(pasted) ?? false;
      const { value, cleaned } = refused ? { value: "", cleaned: [] } : clean(pasted);
      onCleaned(cleaned);
      if (refused || cleaned.length > 0) event.preventDefault();
      if (cleaned.length > 0) insert(input, value);
      if (pasted.trim() !== "") watch?.look(pasted, before, refused);
    };
    input.addEventListener("paste", paste);
    return () => input.removeEventListener("paste", paste);
  };
}

function insert(input: HTMLInputElement, text: string): void {
  // The one way of writing into a field that its Undo knows about; where it is gone, without Undo.
  const typed = text !== "" && document.execCommand?.("insertText", false, text);
  if (typed) return;
  input.setRangeText(text, input.selectionStart ?? 0, input.selectionEnd ?? 0, "end");
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
