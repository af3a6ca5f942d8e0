import type { Nearness, PastedFormat, RepairAct, Rule, TrySource } from "../wire";

/** What keeps a rule from matching, behind "What arrived ..." */
const nearness: Record<Nearness, string> = {
  case_differs: "Only capital and small letters differ.",
  space_differs: "Only white space differs.",
  unicode_form_differs: "The letters are the same, but those with accents are written in parts.",
  looks_alike: "The letters look the same, but some are of another script.",
  dn_for_name: "The full distinguished name arrived, the rule has its short name.",
  name_for_dn: "The short name arrived, the rule has the full distinguished name.",
  guid_for_name: "Object IDs arrived, the rule has a name. Put the ID of the group into the rule.",
  claim_name_differs: "The value arrived under another claim name.",
  joined_values:
    "Several values arrived joined in one text. Have the provider send them as a list.",
};

const format: Record<PastedFormat, string> = {
  csv: "Read as a CSV table.",
  spreadsheet: "Read as a table from a spreadsheet.",
  json: "Read as JSON.",
};

const source: Record<TrySource, string> = {
  claims: "Typed claims. Nobody vouches for them.",
  token: "Read from a token. Its signature was not verified.",
  response: "Read from a SAML response. Its signature was not verified.",
  tested: "The verified claims of a test sign-in.",
};

function inWords({ claim, value, role }: Rule): string {
  return `${claim || "no claim"} = ${value || "no value"}, ${role || "no role"}`;
}

/** The words of step 3. */
export const claims = {
  lead: "Whoever signs in is compared with these rules from the top. The first match wins, and nothing below it counts.",
  exact: "Names and values are compared letter by letter, capitals and spaces included.",
  rules: "Rules",
  count: (count: number) =>
    count === 0 ? "No rule yet" : count === 1 ? "1 rule" : `${count} rules`,
  none: "Without a rule, everyone who signs in falls through to the floor.",
  is: "is",
  gives: "gives",
  sentence: (claim: string, value: string, role: string) => `${claim} is ${value}, gives ${role}`,
  unset: { claim: "no claim", value: "no value", role: "no role" },
  fields: {
    claim: { label: "Claim name", hint: "As the provider sends it, such as email or groups." },
    value: { label: "Claim value", hint: "Exactly as it arrives." },
    role: {
      label: "Role",
      custom: "Custom role…",
      choose: "Choose a role",
      own: "Name of the custom role",
    },
  },
  ownHint: (service: string) => `As it is called in ${service}.`,
  missing: { what: "This field is empty.", do: "Fill it in." },
  notChosen: { what: "Nothing is chosen here yet.", do: "Choose one." },
  recommended: {
    title: "The first rule",
    mark: "Recommended",
    why: (email: string, role: string) =>
      `It gives ${email} the role ${role} by the address alone. If groups change or do not arrive, you still get in.`,
    add: "Add as rule 1",
    later: "Leave it out",
  },
  proposed: {
    title: "New rule",
    note: "It does not count until it is added.",
    waits: {
      what: "This rule is not added yet, so it does not count.",
      do: "Add it, or discard it.",
    },
    add: (number: number) => `Add as rule ${number}`,
    drop: "Discard",
  },
  practice: "Their addresses arrive as email, their groups as groups. Write rules for them.",
  write: "Add a rule",
  putBack: (role: string) => `Offer the rule for ${role} again`,
  floor: {
    name: "Everyone else",
    note: (service: string) =>
      `Whom no rule matches. At ${service || "the service"}, a first sign-in that ends here removes the person's local account.`,
  },
  act: {
    up: (number: number) => `Move rule ${number} up`,
    down: (number: number) => `Move rule ${number} down`,
    edit: "Edit",
    copy: "Duplicate",
    delete: "Delete",
    done: "Done",
    cancel: "Cancel",
    of: (act: string, number: number) => `${act} rule ${number}`,
    moveTo: "Move to",
    place: (count: number) => `Position (1 to ${count})`,
    go: "Move",
  },
  keys: "Alt with the arrow keys moves the rule that has the focus; Alt with Home or End takes it to an end.",
  holding: "Escape puts the rule back.",
  preview: "Preview: where each tested person would land. Escape puts the rule back.",
  said: {
    moved: (role: string, place: number, count: number) => `${role}, now ${place} of ${count}`,
    top: "This rule is at the top already.",
    bottom: "This rule is at the bottom already. Everyone else stays below.",
    back: "Back where it was.",
    added: (number: number) => `Added as rule ${number}.`,
    deleted: (number: number) => `Rule ${number} deleted. Undo brings it back.`,
    mended: (number: number) => `Rule ${number} changed to what arrived.`,
    repaired: "Mended. Undo takes it back.",
  },
  ask: {
    title: "This rule keeps you in",
    why: (email: string) =>
      `It gives ${email} a role whatever the groups say. No second person has signed in with exactly these settings yet, so nothing else proves that anyone could get in and mend a mistake.`,
    then: (service: string) =>
      `If no other rule matches you, your first sign-in removes your local account at ${service}.`,
    keep: "Keep the rule",
    go: "Go on all the same",
  },
  people: {
    decides: "Decides for",
    also: "Would match too, but a rule above decides",
    near: "One difference away",
    decidesFor: (name: string) => `Decides for ${name}`,
    alsoFor: (name: string) => `Would match ${name} too`,
    nearFor: (name: string) => `One difference away from ${name}`,
    owner: "Owner",
    stale: "Settings changed since",
  },
  replay: {
    title: "What your changes mean for who was tested",
    inHand: "What letting go here means for who was tested",
    becomes: "becomes",
  },
  /** What a repair does, on the button that does it. */
  repair: (acts: RepairAct[]): string => {
    const [first, ...more] = acts;
    if (!first) return "";
    if (first.act === "set" && more.length > 0) return `Make ${acts.length} rules of it`;
    switch (first.act) {
      case "set":
        return `Change rule ${first.rule + 1} to ${first.text}`;
      case "remove":
        return `Delete rule ${first.rule + 1}`;
      case "move":
        return `Move rule ${first.rule + 1} to position ${first.to + 1}`;
      case "insert":
        return `Add ${inWords(first.with)} as rule ${first.at + 1}`;
    }
  },
  paste: {
    open: "Paste many rules",
    title: "Paste many rules",
    label: "Rules",
    hint: "A table from a spreadsheet or a CSV file with the columns claim, value and role in any order, or a JSON list. Nothing is added before you say so.",
    format,
    read: (count: number) => (count === 1 ? "1 rule was read." : `${count} rules were read.`),
    columns: {
      take: "Take",
      line: "Line",
      claim: "Claim name",
      value: "Claim value",
      role: "Role",
    },
    take: (line: number, rule: Rule) => `Line ${line}: ${inWords(rule)}`,
    sound: "Choose those that would decide",
    all: "Choose all",
    none: "Choose none",
    add: (count: number) =>
      count === 0 ? "Choose rules to add" : count === 1 ? "Add 1 rule" : `Add ${count} rules`,
    choose: { what: "No rule is chosen.", do: "Paste some, or choose at least one." },
    more: (count: number) => `Show the other ${count}`,
    cancel: "Cancel",
    added: (count: number) =>
      count === 1
        ? "1 rule added at the end. Undo takes it back."
        : `${count} rules added at the end. Undo takes all of them back.`,
  },
  tryIt: {
    title: "Try the rules on claims",
    lead: "The program decides as it does at a test sign-in. Nothing here proves anything, and nothing of it is kept.",
    who: "Whose claims",
    typed: "Typed or pasted claims",
    label: "Claims",
    hint: "A JSON object of claims, a token, or a SAML response as it was captured.",
    example: '{ "email": "bob@acme.example", "groups": ["SecOps"] }',
    gets: "Whoever has these claims gets",
    decides: (rule: number) => `Rule ${rule} decides.`,
    noRule: "No rule matches.",
    source,
  },
  near: {
    arrived: "Arrived",
    nearness,
    mend: (number: number, value: string) => `Change rule ${number} to ${value}`,
    mendClaim: (number: number, claim: string) => `Change rule ${number} to the claim ${claim}`,
  },
  panel: {
    label: "About the rule in focus",
    rule: (number: number) => `Rule ${number}`,
    floor: "Everyone else",
    nothing: "Nothing to add about this rule.",
    untested:
      "After a test sign-in you see here whom this rule decides for, and who missed it by one difference.",
    floorUntested: "After a test sign-in you see here who falls through.",
    nobody: "It decides for nobody who was tested.",
    floorNobody: "Nobody who was tested falls through to here.",
    floorTitle: "Who falls through",
  },
};
