import { inRow } from "./format";

/** The words of whole workspaces in one file. */
export const whole = {
  export: {
    title: "The whole workspace as one file",
    lead: "For a colleague who goes on with it: set-up, rules, revisions, reasons, and what test sign-ins proved. No secret is in it.",
    personal:
      "It holds names, addresses and groups of everyone tested: send it only to those who may see them.",
    act: "Export the whole workspace",
    done: (path: string) => `Written to ${path}.`,
  },
  import: {
    act: "Import a whole workspace",
    title: (name: string) => `Import ${name}?`,
    fresh: (file: string) => `A new workspace is made from ${file}.`,
    there: (file: string) => `${file} is added to the workspace of this name that is here already.`,
    written: (at: string) => `The file was written on ${at}.`,
    revisions: (come: number, known: number) => {
      const some = come === 1 ? "One revision comes." : `${come} revisions come.`;
      return known === 0 ? some : `${some} ${known} of the file's are here already.`;
    },
    people: (people: string[]) =>
      `Test sign-ins come of ${inRow(people)}. They are shown, and prove nothing here: test the sign-in on this computer.`,
    nobody: "No test sign-in comes with it.",
    unsaved: "The draft here has changes that are not saved. It stays as it is.",
    same: "The draft stays the same.",
    changes: "What changes in the draft:",
    here: "Here",
    file: "In the file",
    secret: "No secret comes with it: enter it in step 2.",
    cancel: "Not now",
    go: "Import it",
    busy: "Importing",
  },
};
