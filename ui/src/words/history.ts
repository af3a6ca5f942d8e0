import type { Way } from "../wire";
import { atMoment } from "./format";

const ways: Record<Way, string> = {
  window: "in the sign-in window",
  browser: "in the system browser",
  file: "brought in a file",
};

/** The words of the history of a workspace. */
export const history = {
  name: "History",
  title: "History",
  lead: "Every saved state of this workspace. None of them is ever changed: restoring one makes a new revision.",
  draft: "The draft",
  revision: (number: number) => `Revision ${number}`,
  back: (step: string) => `Back to ${step}`,
  worked: {
    title: "Since it last worked",
    never: "No saved state has been proved by a test sign-in yet.",
    same: (number: number, at: string) =>
      `Nothing has changed since revision ${number} of ${atMoment(at)}, which a test sign-in proved.`,
    lead: (number: number, at: string) =>
      `A test sign-in proved revision ${number} of ${atMoment(at)}. The draft differs in this:`,
  },
  list: {
    title: "Revisions",
    none: "Nothing is saved yet. Each saved state stands here with its number, author, time and proof.",
    by: (author: string) => `by ${author}`,
    proved: (who: string, at: string, way: Way) =>
      `Proved by ${who}, who signed in on ${atMoment(at)}, ${ways[way]}.`,
    unproved: "No test sign-in stands behind it.",
    forgotten: (count: number) =>
      count === 1
        ? "One test sign-in stood behind it, and its evidence was forgotten."
        : `${count} test sign-ins stood behind it, and their evidence was forgotten.`,
    secretGone: "Its secret is not kept on this computer any more.",
    isDraft: "The draft is exactly this.",
    restore: "Restore",
    restoreLabel: (number: number) => `Restore revision ${number}`,
  },
  compare: {
    title: "Compare two states",
    before: "Earlier state",
    after: "Later state",
    same: "They do not differ.",
  },
  changes: {
    label: "What differs",
    what: "What",
    none: "empty",
    secret: "changed",
    added: (place: number) => `Rule ${place}, added`,
    removed: (place: number) => `Rule ${place}, removed`,
    moved: (from: number, to: number) => `Rule ${from}, moved to ${to}`,
    rule: (claim: string, value: string, role: string) => `${claim} is ${value} → ${role}`,
    on: "On",
    off: "Off",
  },
  restoring: {
    title: (number: number) => `Restore revision ${number}?`,
    says: (number: number, next: number) =>
      `Revision ${next} is made from revision ${number}, and the draft becomes it. Nothing else is removed.`,
    unsaved: "The draft has changes that are not saved. They are replaced.",
    changes: "What changes in the draft:",
    proved: (who: string, at: string) =>
      `The test sign-in of ${who} on ${atMoment(at)} counts for it again, if it proved exactly these settings.`,
    unproved: "No test sign-in that is still kept proves it: test it again before it goes live.",
    secretGone: "Its secret is not kept any more: enter it again in step 2.",
    act: (number: number) => `Restore revision ${number}`,
    busy: "Restoring",
    cancel: "Not now",
    done: (made: number, from: number) =>
      `Revision ${made} is made from revision ${from}. The draft is as it was then.`,
  },
};
