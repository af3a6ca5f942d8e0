import type { CertificateShown, Condition, Way } from "../wire";
import { nameOf } from "./fields";
import { atMoment, inRow } from "./format";
import { saml } from "./saml";

const conditions: Record<Condition, { name: string; open: string; link: string }> = {
  fields_hold: {
    name: "Every field of the connection holds",
    open: "A field is empty or cannot be right.",
    link: "Go to the field",
  },
  rules_hold: {
    name: "Every rule holds",
    open: "A rule is incomplete or cannot be right.",
    link: "Go to the rules",
  },
  tested: {
    name: "A test sign-in has passed with exactly these settings",
    open: "Nobody has signed in with these settings yet.",
    link: "Test the sign-in",
  },
  owner_keeps_highest_role: {
    name: "The Owner keeps the highest role",
    open: "No test sign-in with these settings gives the Owner the highest role.",
    link: "Test the sign-in as the Owner",
  },
  saved: {
    name: "The set-up is saved as it is",
    open: "The draft differs from the newest revision.",
    link: "Go to Check and save",
  },
  second_person: {
    name: "A second person got the role that was expected",
    open: "Nobody but the Owner has signed in with these settings and got the role chosen beforehand.",
    link: "Test a second person",
  },
  owner_rule_in_place: {
    name: "The Owner's e-mail rule is in place",
    open: "No rule gives the Owner's address the highest role.",
    link: "Go to the rules",
  },
  credentials_last: {
    name: "No certificate and no secret ends within 30 days",
    open: "A certificate or the client secret ends within 30 days, or has ended.",
    link: "Go to the connection",
  },
  backup_account: {
    name: "A backup account is named",
    open: "No account is named that gets in without single sign-on.",
    link: "Name the account",
  },
};

/** Who proved it, and what the way it took does not prove. */
const by: Record<Way, (who: string, at: string) => string> = {
  window: (who, at) => `${who} signed in on ${at}.`,
  browser: (who, at) =>
    `${who} signed in on ${at}, in the system browser. It keeps its sessions: that this was a fresh one cannot be proved there.`,
  file: (who, at) => `${who} signed in elsewhere on ${at}. The answer was brought in a file.`,
};

/** The words of step 5. */
export const save = {
  lead: "What has to hold, then every answer once more. Change takes you to an answer, and Continue brings you straight back.",
  change: "Change",
  changeOf: (what: string) => `Change: ${what}`,
  groups: { workspace: "Workspace", connection: "Connection", rules: "Rules" },
  answers: {
    unset: "not given",
    certificate: (shown: CertificateShown[]) =>
      shown
        .map(({ subject, days_left }) => `${subject}; ${saml.certificates.left(days_left)}`)
        .join("\n"),
    signed: "Signed with the workspace's key pair",
    notSigned: "Not signed",
    secretKept: "Kept in this computer's keychain",
    secretUntilClosed: "Kept until the window closes",
    code: "Code flow",
    implicit: "Implicit flow",
    sent: "Sent along",
    notSent: "Not sent",
    usual: "the usual ones of the provider",
    everyone: "Everyone else",
  },
  gate: {
    title: "Before saving",
    lead: (open: number) =>
      open === 0
        ? "All conditions are met."
        : open === 1
          ? "One condition stands in the way."
          : `${open} conditions stand in the way.`,
    conditions,
    met: "Met",
    open: "Not met",
    checked: "Checked as it stands now.",
    provedBy: (who: string, at: string, way: Way) => by[way](who, atMoment(at)),
    proved: "Proved by a test sign-in.",
    changed: (paths: string[]) =>
      `Changed since the latest test: ${inRow(paths.map(nameOf))}. Sign in again with the settings of now.`,
    gives: (role: string) => `It gives the role ${role}.`,
    givesExpected: (role: string) => `It gives the role ${role}, as expected.`,
    isRevision: (number: number) => `It is revision ${number}, and unchanged since.`,
    ownerRule: (rule: number) => `Rule ${rule} gives it by the address alone.`,
    firstEnds: (day: string) => `The first one ends on ${day}.`,
    noEndKnown: "No end of any of them is known here.",
    endOwed:
      "Every client secret of this provider ends. Enter the last day of yours, as its console shows it beside the secret.",
    backup: (account: string) => `${account}, which has not signed in through the provider.`,
    backupTested:
      "The account that is named has signed in through the provider. Name one that gets in without it.",
  },
  reason: {
    label: "Why it is saved all the same",
    hint: "It is kept with the revision, for whoever asks later. One sentence or more.",
  },
  act: {
    save: (number: number) => `Save revision ${number}`,
    saving: (number: number) => `Saving revision ${number}`,
    saves: "It is kept on this computer. Nothing is sent anywhere.",
    blocked: (condition: string) => `In the way: ${condition}`,
    onward: "Continue",
  },
  saved: {
    title: (number: number) => `Revision ${number} is saved`,
    at: (at: string) => `On ${atMoment(at)}, and unchanged since.`,
    unproved: "It was saved with a written reason, not with the proof.",
    said: (number: number) => `Revision ${number} is saved.`,
    changed: (number: number) => `The draft has changed since revision ${number}.`,
  },
  revisions: {
    title: "Revisions",
    number: "Revision",
    at: "Saved",
    by: "By",
    how: "How",
    proved: "With the proof",
    reason: (reason: string) => `With a reason: ${reason}`,
    imported: "Read from a file",
    restored: (from: number) => `Restored from revision ${from}`,
    none: "Nothing is saved yet. Each saved state stands here with its number and time, and is never changed again.",
    failed: "The revisions could not be read.",
  },
};
