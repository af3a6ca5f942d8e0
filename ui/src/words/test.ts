import type { Outcome, Stage, Way } from "../wire";
import { nameOf } from "./fields";
import { inRow } from "./format";

const stages: Record<Stage, { name: string; asks: string }> = {
  reached: {
    name: "Reached",
    asks: "Could the provider be reached, and did it show its sign-in page?",
  },
  answered: { name: "Answered", asks: "Did an answer come that belongs to this sign-in?" },
  signed: { name: "Signed", asks: "Is the answer signed with a key of the provider?" },
  addressed: { name: "Addressed", asks: "Is it for this application, from this provider?" },
  in_time: { name: "In time", asks: "Is it valid now?" },
  identified: { name: "Identified", asks: "Does it say who the person is?" },
  mapped: { name: "Mapped", asks: "Does a rule give the person a role?" },
};

const outcomes: Record<Outcome, string> = {
  passed: "passed",
  failed: "failed",
  not_reached: "not reached",
};

const ways: Record<Way, string> = {
  window: "Sign-in window",
  browser: "System browser",
  file: "Brought in a file",
};

/** The words of step 4. */
export const test = {
  lead: (service: string) =>
    `You sign in at the provider as you always do. Latchkey catches the answer before ${service || "the service"} can see it, checks it, and shows which role the person would get.`,
  stages,
  outcomes,
  ways,
  compared: {
    expected: "expected",
    received: "received",
    empty: "nothing",
    from: (place: number) => `They differ from character ${place} on.`,
  },
  start: {
    first: "Sign in for a test",
    second: "Test a second person",
    another: "Test another person",
    firstLead:
      "Begin with the Owner: the first thing to prove is that the Owner keeps the highest role.",
    secondLead:
      "Somebody else, with another address. The sign-in starts with nothing of the first one's session.",
    act: "Start test sign-in",
    starts: "Where the sign-in starts",
    service: (service: string) => `At ${service || "the service"}`,
    serviceWhy: "The usual way: somebody opens the service, which sends them to the provider.",
    tile: "At the provider: test the tile",
    tileWhy: (service: string) =>
      `The sign-in window opens the provider's dashboard. Sign in there and press the tile. Where it sends you to ${service || "the service"}, Latchkey catches it and goes on as ${service || "the service"} would.`,
    dashboard: "Address of the dashboard",
    dashboardWhy: "Where people find their applications at the provider.",
    way: "Where to sign in",
    window: "Sign-in window",
    windowWhy: "A separate, private window that is gone after the test.",
    recommended: "Recommended",
    browser: "System browser",
    browserWhy:
      "For passkeys, Google and device checks, which refuse such a window. The answer comes back to this computer at 127.0.0.1, an address that the provider has to allow.",
    elsewhere: "Elsewhere",
    elsewhereWhy: "On the person's own computer. They send you the answer as a file.",
    expected: "Role expected",
    expectedWhy:
      "Chosen before the sign-in, it shows whether the person gets what was meant. Enforcing needs it of a second person.",
    noExpected: "No expectation",
    kept: (file: string) =>
      `What is verified is personal data: name, address and claims. It is kept on this computer only, in ${file}, without the answer itself. Forget this evidence deletes it, and so does deleting the workspace.`,
    hint: "Send along the address",
    hintWhy: "The sign-in page opens with it filled in. Empty: nothing is sent.",
    more: "How the answer comes back",
    mode: "Response mode",
    usual: "As the flow has it",
    usualWhy: "In the address: as query for the code flow, as fragment for the implicit flow.",
    formPost: "As a form",
    formPostWhy:
      "Asks for response_mode=form_post. Some providers ignore that and answer by the address.",
  },
  practice: {
    title: "People of the practice provider",
    lead: "They are made up, and their passwords protect nothing. Type one of them into the sign-in page, or choose one there.",
    name: "Name",
    email: "Address",
    password: "Password",
    groups: "Groups",
  },
  running: {
    title: "A test sign-in is running",
    discovering: (host: string) => `Reading what ${host} says about itself.`,
    loading: "The page is on its way.",
    window: "Waiting for you in the sign-in window. It closes by itself when the answer is there.",
    browser: "Waiting for you in the system browser. Come back here when it says so.",
    file: "Reading what was brought.",
    shows: "The provider's page says why it does not go on:",
    verifying: "The answer was caught. It is being checked.",
    starting: "Starting.",
    at: "Address",
    left: "Time left",
    minute: "One minute left for the test sign-in.",
    cancel: "Cancel",
  },
  result: {
    gets: (who: string) => `${who} gets`,
    fallsTo: (who: string) => `${who} falls through to`,
    failed: (stage: string) => `The sign-in ended at ${stage}`,
    notStarted: "The test sign-in could not start",
    notRead: "What was brought was not checked",
    decided: (rule: number) => `Rule ${rule} decides`,
    nobodyDecided: "No rule matches",
    also: (rules: number[]) =>
      rules.length === 1
        ? `Rule ${rules[0]} would match too, but stands below.`
        : `Rules ${inRow(rules.map(String))} would match too, but stand below.`,
    track: "Stages of this sign-in",
    stage: (name: string, outcome: string) => `${name}: ${outcome}`,
    noted: "Worth knowing",
    near: "One difference away",
    today: "No rule of today matches. When the person signed in, one did.",
    proved: "Proved with today's settings",
    stale: (changed: string[]) => `Settings changed since: ${inRow(changed.map(nameOf))}`,
    imported: "Came with a whole workspace: proves nothing here",
    surprise: "Not the role expected",
    expected: (role: string) => `Expected was ${role}.`,
    surpriseDo: (owner: boolean) =>
      `Change the rules, or test again with the role that is meant.${owner ? "" : " Until then this sign-in does not count as the second person's."}`,
    unsaid: "This sign-in",
    done: (who: string, role: string) => `Test sign-in ended. ${who} gets ${role}.`,
    ended: (stage: string) => `Test sign-in ended at ${stage}.`,
  },
  matrix: {
    title: "Who gets which role",
    label: "Tested people across, rules down, roles at the foot",
    rule: "Rule",
    role: "Role",
    evidence: "Evidence",
    asExpected: "as expected",
    surprise: (role: string) => `expected: ${role}`,
    owner: "Owner",
    decides: "decides",
    also: "would match too",
    near: "one difference away",
    no: "does not match",
    everyone: "Everyone else",
    current: "Today's settings",
    empty: "Each person who has signed in stands here as a column, beside the rules and the role.",
    show: (who: string) => `Show the sign-in of ${who}`,
  },
  panel: {
    label: "About the person in focus",
    stages: "What is checked",
    stagesLead: "Seven stages, in this order. The first one that fails ends the sign-in.",
    at: "Signed in",
    way: "Where",
    claims: "Claims as they arrived",
    ruled: (rule: number) => `rule ${rule}`,
    makeRule: "Make a rule",
    makeRuleOf: (claim: string, value: string) => `Make a rule: ${claim} is ${value}`,
    begun: (claim: string, value: string) =>
      `A rule for ${claim} is ${value} is begun. Choose its role, then add it.`,
    otherBegun:
      "Another rule is being written here and not added yet. Add or discard it, then make the rule from the claim.",
    noClaims: "No claim is shown, since none was verified.",
    noValue: "without a value",
    signedByCertificate: (subject: string, sha256: string) =>
      `Signed by the certificate of ${subject} (SHA-256 ${sha256.slice(0, 16)}…)`,
    signedByKey: (id: string) =>
      id ? `Signed by the provider's key ${id}` : "Signed by the provider's key, which has no ID",
    report: "Copy redacted report",
    reportNote: "Stages, codes and names of claims. No value of any claim is in it.",
    copied: "Copied",
    notCopied: "Nothing was copied.",
    forget: "Forget this evidence",
    forgetNote: (file: string) =>
      `It is kept on this computer only, in ${file}, and deleted with the workspace. Without it, this person counts as not tested.`,
    forgotten: (who: string) => `The evidence of ${who} is forgotten.`,
  },
};
