import type { Act } from "../rules/ladder.svelte";
import type { Nearness } from "../wire";

const acts: Record<Act, string> = {
  add: "the new rule",
  change: "the change of a rule",
  copy: "the copy of a rule",
  delete: "the deletion of a rule",
  move: "the move of a rule",
};

/** What keeps a rule from matching, behind "What arrived ..." */
const nearness: Record<Nearness, string> = {
  case_differs: "Only capital and small letters differ.",
  space_differs: "Only white space differs.",
  dn_for_name: "The full distinguished name arrived, the rule has its short name.",
  name_for_dn: "The short name arrived, the rule has the full distinguished name.",
  guid_for_name: "Object IDs arrived, the rule has a name. Put the ID of the group into the rule.",
  claim_name_differs: "The value arrived under another claim name.",
  joined_values:
    "Several values arrived joined in one text. Have the provider send them as a list.",
};

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
    undo: "Undo",
    redo: "Redo",
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
    undone: (act: Act) => `Taken back: ${acts[act]}.`,
    redone: (act: Act) => `Done again: ${acts[act]}.`,
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
    becomes: "becomes",
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
