import { nameOf } from "./fields";

/** The wording of the paste guard. */
export const paste = {
  box: {
    title: "Paste anything",
    hint: "An address, an ID, a certificate, metadata, or the whole answer of the provider's administrator. Latchkey says what it is and puts it where it belongs.",
    label: "Paste anything",
    sort: "Sort it",
    working: "Looking at what was pasted.",
    nothing: {
      what: "Nothing in it is a value of this form.",
      do: "Copy the value itself, and paste it into its field.",
    },
    found: "What was found",
    placed: "put in its field",
    same: "stands there already",
    differs: "another value stands there",
    replace: "Replace it",
    replaceOf: (field: string) => `Replace it: ${nameOf(field)}`,
    elsewhere: "has no field here",
    clear: "Done",
    said: (count: number) =>
      count === 1 ? "One value was put in its field." : `${count} values were put in their fields.`,
  },
  refusals: {
    too_large: {
      what: "This file is larger than anything that belongs here: 25 MB for metadata, 1 MB for the rest.",
      do: "Choose the certificate alone, or the metadata of this one application.",
    },
    unreadable: {
      what: "This could not be read as a file.",
      do: "Drop one file, not a folder, or paste its text.",
    },
  },
  /** `value` where the field is the right one and what stands there is not. */
  move: (field: string, value = "") => (value ? `Use ${value}` : `Move it to ${nameOf(field)}`),
  moved: (field: string) => `Moved to ${nameOf(field)}.`,
  key: "Alt+Enter",
  refused: "It was not put into the field.",
  dismiss: "Leave it as it is",
  dropped: (name: string) => `${name} is being read.`,
};
