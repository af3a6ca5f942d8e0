import type { RoleChange, PeopleProgress } from "../wire";

const number = new Intl.NumberFormat("en-GB");
const share = new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 1 });

/** A count as it is read: `1,204`. */
export const count = (value: number): string => number.format(value);

const persons = (value: number): string => (value === 1 ? "1 person" : `${count(value)} people`);

/** A share of all, which is never nothing where somebody is. */
export function part(people: number, all: number): string {
  if (all === 0 || people === 0) return "0%";
  return people / all < 0.001 ? "under 0.1%" : share.format(people / all);
}

const millions = (bytes: number) => `${count(Math.ceil(bytes / 1_000_000))} MB`;

/** The words of the people preview in step 3. */
export const people = {
  title: "People",
  empty:
    "Bring in your people with their groups, and see what these rules do to everybody before anybody signs in.",
  bring: "Bring in people",
  others: "Bring in others",
  drop: "Drop them",
  dropped: "The people were dropped. Nothing of them is left here.",
  from: (all: number, source: string) => `${persons(all)} from ${source}`,
  since: (moment: string) => `As they were when they were brought in: ${moment}.`,
  keep: {
    label: "Keep on this computer",
    off: "They are in memory until you drop them or close Latchkey. Keep them, and this file is written:",
    on: "They are here when you open this workspace again. Whoever you bring in takes their place in this file:",
    what: "It has every address with its groups and other claims, and no token. Only your account may read it, and no export has it. It is deleted when you untick this, drop them or delete the workspace.",
    isKept: "The people are kept on this computer.",
    isNot: "The people are in memory only. Their file was deleted.",
  },
  persons,
  roles: "How many get each role",
  everyoneElse: "Everyone else",
  fallThrough: (all: number) => `${persons(all)} fall through`,
  counting: "Counting",
  rung: {
    decides: (all: number) => `decides for ${count(all)}`,
    matches: (all: number) => `matches ${count(all)}`,
    decidesLong: (rule: number, all: number) =>
      `Rule ${rule} decides for ${persons(all)}. Show them`,
    matchesLong: (rule: number, all: number) => `Rule ${rule} matches ${persons(all)}. Show them`,
    fallLong: (all: number) => `${persons(all)} fall through. Show them`,
    named: (name: string) => `the group ${name}`,
  },
  changes: {
    inHand: "If you let go here",
    writing: "With this rule",
    last: "What the last change did",
    none: "Nobody's role changes.",
    from: (change: RoleChange) => `${persons(change.people)}:`,
    becomes: "becomes",
    more: (all: number) => `and ${all} more kinds of change`,
    said: (all: number) =>
      all === 0 ? "Nobody's role changes." : `${persons(all)} change their role.`,
  },
  fate: (all: number, source: string) =>
    `By their groups, ${persons(all)} from ${source} would get these roles. Nobody of them has signed in for this count.`,
  list: {
    of: {
      all: "Everybody",
      fallback: "Who falls through",
      rule: (rule: number) => `Whom rule ${rule} decides for`,
      matching: (rule: number) => `Whom rule ${rule} matches`,
      role: (role: string) => `Who gets ${role}`,
    },
    open: "Look somebody up",
    search: "Search by address",
    person: "Person",
    role: "Role",
    by: "Decided by",
    rule: (rule: number) => `rule ${rule}`,
    noRule: "no rule",
    shown: (from: number, to: number, all: number) =>
      all === 0 ? "Nobody" : `${count(from)} to ${count(to)} of ${count(all)}`,
    before: "Previous",
    next: "Next",
    close: "Close",
  },
  dialog: {
    title: "Bring in people",
    legend: "Where from",
    ways: {
      file: { name: "A file", says: "CSV in any form, or a SCIM 2.0 list in JSON" },
      paste: { name: "The clipboard", says: "Rows from a spreadsheet" },
      scim: { name: "A SCIM 2.0 server", says: "By address and token" },
      okta: { name: "Okta", says: "By organization and API token" },
    },
    choose: "Choose a file",
    dropHere: "Or drop a file here. Columns, delimiter and encoding are found out and shown.",
    tooMany: "One file at a time. Put all rows into one.",
    paste: "Rows with addresses and groups",
    pasteHint: "With the line that names the columns, if there is one.",
    pasted: "the clipboard",
    read: "Read",
    address: {
      scim: { label: "Address", hint: "Such as https://acme.example/scim/v2" },
      okta: { label: "Organization", hint: "Such as https://acme.okta.com" },
    },
    token: {
      scim: { label: "Token", hint: "It is held while reading, and never written anywhere." },
      okta: {
        label: "API token",
        hint: "A token of an administrator who may read users and groups. It is held while reading, and never written anywhere.",
      },
    },
    missing: { what: "This field is empty.", do: "Fill it in." },
    fetch: "Read users and groups",
    cancel: "Cancel",
    close: "Close",
    keepRest: "Leave out such lines and read the rest",
    again: "Read again",
    other: "Choose something else",
    stopped: (pages: number, all: number) =>
      `${pages === 1 ? "1 page" : `${count(pages)} pages`} came, with ${persons(all)}. There are more.`,
    cancelled: "You stopped the reading.",
    held: "The token is held until you go on, keep these people or leave them.",
    goOn: "Go on",
    keep: (all: number) => `Keep ${persons(all)}`,
    leave: "Leave them",
  },
  progress(now: PeopleProgress | null): string {
    if (!now) return "Beginning";
    switch (now.now) {
      case "reading":
        return `${millions(now.done)} of ${millions(now.of)} read`;
      case "fetching": {
        const all = now.of === null ? "" : ` of ${count(now.of)}`;
        const came = `${count(now.people)}${all} people, ${count(now.pages)} pages`;
        return now.waiting === null
          ? came
          : `${came}. The server has us wait ${now.waiting} seconds.`;
      }
      case "counting":
        return "Putting everybody in order";
    }
  },
  /** Between 0 and 1; `null` where nobody knows. */
  done(now: PeopleProgress | null): number | null {
    if (now?.now === "reading" && now.of > 0) return now.done / now.of;
    if (now?.now === "fetching" && now.of) return now.people / now.of;
    return null;
  },
  mapping: {
    title: "How the file was read",
    encoding: "Characters",
    header: "The first line names the columns",
    delimiter: "Between fields",
    separator: "Between two groups",
    column: (place: number) => `Column ${place}`,
    holds: (column: string) => `What ${column} holds`,
    first: "First rows",
    looked: (columns: number, rows: string) =>
      `${columns === 1 ? "1 column" : `${columns} columns`} so far, not read yet. ${rows}`,
    named: "The first line names them.",
    nameless: "The first line is a person.",
    meanings: {
      email: "Address",
      groups: "Groups",
      group_ids: "Identifiers of the groups",
      values: "A claim with several values",
      value: "A claim",
      nothing: "Not needed",
    },
    characters: {
      ";": "Semicolon",
      ",": "Comma",
      "\t": "Tab",
      "|": "Bar",
      "\n": "Line break",
    } as Record<string, string>,
    encodings: {
      utf8: "UTF-8",
      utf16_le: "UTF-16",
      utf16_be: "UTF-16, big-endian",
      windows1252: "Windows-1252",
    } as Record<string, string>,
  },
  offers: {
    seen: (all: number) => `seen on ${persons(all)}`,
    values: (all: number) => (all === 1 ? "1 value" : `${count(all)} values`),
    arrived: "arrived in a test",
    label: { claim: "Names that people have", value: "Values that people have" },
  },
  said: (all: number, source: string) => `${persons(all)} from ${source}.`,
};
