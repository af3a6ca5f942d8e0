/** The words of step 6. */
export const rollOut = {
  lead: (service: string) =>
    `The second half of the proof, then the values and rules to enter at ${service || "the service"}, and the list for the day itself.`,
  practice: (service: string) =>
    `Here the values and rules would be entered at ${service || "the service"}. Those of practice work on this computer only: enter them nowhere.`,
  practiceOnly: {
    title: "A practice workspace is not enforced",
    says: "There is nobody to lock out. With a workspace of your own, the conditions for enforcing stand here, who gets which role, and the list for the day itself.",
  },
  unsaved: "The draft is not saved as it is. What stands here is the draft.",
  unsavedGo: "Go to Check and save",
  gate: {
    title: "Before enforcing",
    lead: (service: string) =>
      `Enforcing declares single sign-on the only way in. Nothing is sent to ${service || "the service"}: it comes true there with the list further down.`,
  },
  backup: {
    label: "Backup account",
    hint: (service: string) =>
      `An account of ${service || "the service"} that gets in without single sign-on, by its address. Somebody other than the people tested.`,
  },
  who: {
    title: "What happens to whom",
    person: "Person",
    role: "Role",
    by: "By",
    owner: "Owner",
    rule: (rule: number) => `Rule ${rule}`,
    noRule: "No rule matches",
    unchanged: "As it is",
    backup: "Stays outside single sign-on",
    everyone: "Everyone else",
    surprise: (expected: string) => `Expected: ${expected}`,
    stale: "Settings changed since the test",
    unless: "unless a rule matches",
    untested: "Not tested",
  },
  enforce: {
    act: (name: string) => `Enforce for ${name || "this workspace"}`,
    busy: "Enforcing",
    blocked: (condition: string) => `In the way: ${condition}`,
    asksReason: "A condition is not met: a written reason is asked for.",
    asksName: "The workspace's name is asked for first.",
    title: (name: string) => `Enforce single sign-on for ${name || "this workspace"}?`,
    says: (service: string, backup: string) =>
      `It is written down with your name and the time that nobody gets in to ${service || "the service"} any other way${backup && `, but for the backup account ${backup}`}. It can be taken back.`,
    open: "Not met:",
    reason: "Why it is enforced all the same",
    reasonHint: "It is kept with the declaration, for whoever asks later. One sentence or more.",
    name: "Workspace name",
    nameHint: (name: string) => `Type ${name} to go on.`,
    cancel: "Not now",
    done: (name: string) => `Single sign-on is enforced for ${name}.`,
  },
  enforced: {
    mark: "Enforced",
    behindMark: "Changed since",
    title: (name: string) => `Single sign-on is declared the only way in for ${name}`,
    since: (at: string, author: string, revision: number) =>
      `Since ${at}, declared by ${author}, with revision ${revision}.`,
    reason: (reason: string) => `With a written reason: ${reason}`,
    behind: (revision: number) =>
      `What stands here is no longer revision ${revision}. Prove and save it, then enforce it anew.`,
    relax: "Allow other ways in again",
    relaxNote: (service: string) =>
      `It changes what is declared here. At ${service || "the service"} nothing changes by itself.`,
    relaxed: (name: string) => `Other ways in are allowed again for ${name}.`,
  },
  list: {
    title: "Roll-out list",
    lead: "In this order, on the day itself.",
    first: {
      title: "Have the second person sign in first",
      says: (service: string) =>
        `Once the values and rules stand at ${service || "the service"}, the second person signs in there while the Owner stays signed in. Compare the role with the one above.`,
    },
    keep: {
      title: "Backup accounts to keep",
      named: (account: string, service: string) =>
        `${account} keeps its own sign-in at ${service || "the service"}. Try it once before the day, and keep its password where two people find it.`,
      unnamed: (service: string) =>
        `Keep one or two accounts whose sign-in at ${service || "the service"} does not depend on the provider. None is named yet.`,
    },
    tell: {
      title: "Tell the team",
      says: "The text may be changed to your own tone. The address is that of the workspace's region.",
      label: "the announcement",
    },
    remove: {
      title: "Legacy sign-ins to remove",
      says: (service: string) =>
        `Whoever was invited to ${service || "the service"} by e-mail before can still get in without single sign-on. Once everyone has signed in by it, remove those accounts, all but the backup accounts.`,
    },
    cautions: (service: string) => `What ${service || "the service"} asks to bear in mind`,
    announcement,
  },
  hour: {
    label: "The first hour, and the way back",
    title: "In the first hour",
    steps: (service: string, fallback: string) => [
      `Keep a signed-in session of the Owner open at ${service || "the service"} until someone else is in.`,
      `Look through the users at ${service || "the service"}: whoever stands there with ${fallback || "the fallback"} was matched by no rule.`,
      "Look at the provider's own log for refused sign-ins to this application: those people are not assigned to it.",
      "For anyone with the wrong role, run a test sign-in here. It shows the claims that arrive and the rule that decides.",
    ],
  },
  back: {
    title: "How to go back",
    steps: ({ service, address, backup, name }: WayBack) => [
      `Sign in${address ? ` at ${address}` : ""} with ${backup || "the backup account"}, or go on in the Owner's open session.`,
      `Take single sign-on out of ${service || "the service"}'s settings, or enter the values that worked before.`,
      `Invite by e-mail whoever was removed, and has to get in to ${name || "the workspace"} at once.`,
      "If it was enforced here, choose Allow other ways in again, so that what stands here is true.",
    ],
  },
  values: {
    title: (service: string) => `Values for ${service || "the service"}`,
    where: (service: string) => `Where to enter them at ${service}`,
    secret: "Client secret",
    copySecret: "Copy the client secret",
    secretNote:
      "It goes to the clipboard without being shown. Paste it at once: other programs can read the clipboard.",
    noSecret: "No client secret is kept.",
    copied: "Copied",
    failed: "The client secret could not be copied.",
    on: "On",
    off: "Off",
  },
  rules: {
    title: "Rules, in this order",
    lead: "The first match wins, so their order counts as much as their content.",
    label: "the rules",
    line: (number: number, claim: string, value: string, role: string) =>
      `${number}. ${claim} = ${value} -> ${role}`,
    rest: (role: string) => `Everyone else -> ${role}`,
  },
  forms: {
    title: "For files and other programs",
    lead: "What stands here, the secret left out.",
    act: "Save",
    save: (name: string) => `Save: ${name}`,
    done: (path: string) => `Written to ${path}.`,
    setUp: {
      name: "Set-up file",
      says: "All of it, as the command latchkey and another Latchkey read it: to keep, to review, to compare.",
    },
    terraform: (provider: string) => ({
      name: "Terraform",
      says: `The application at ${provider || "the provider"} as resources and the rules as values; where no resources are known, the service's own side.`,
    }),
    script: (service: string) => ({
      name: "Shell script",
      says: `Adds the rules in their order by ${service}'s interface. Run as it is, it only lists those that are there.`,
    }),
    calendar: (saml: boolean) => ({
      name: "Calendar",
      says: `Reminders 30, 7 and 1 days before ${saml ? "a certificate" : "the client secret"} ends.`,
    }),
    sql: {
      name: "SQL query",
      says: "Which role each person gets, asked of a warehouse that knows people and their groups.",
    },
  },
};

type Announced = {
  service: string;
  workspace: string;
  /** Empty where it has no name of its own. */
  provider: string;
  /** Empty where the service does not say. */
  address: string;
  contact: string;
};

type WayBack = { service: string; address: string; backup: string; name: string };

/** What the team is told, ready to be sent. */
function announcement({ service, workspace, provider, address, contact }: Announced): string {
  const by = provider || "our identity provider";
  return [
    `Signing in to ${service} (${workspace}) changes`,
    "",
    `From now on, you sign in to ${service} with your account at ${by}.`,
    "",
    address ? `1. Open ${address}` : `1. Open ${service}.`,
    "2. Choose to sign in with single sign-on, and enter your work address if it is asked for.",
    `3. Sign in at ${by} as you always do.`,
    "",
    `Your former password for ${service} is no longer needed, and will stop working.`,
    `If you do not get in, or cannot do there what you could before, write to ${contact}.`,
    "",
  ].join("\n");
}
