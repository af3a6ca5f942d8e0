/** The words of step 6. */
export const rollOut = {
  lead: (service: string) =>
    `Enter the set-up at ${service || "the service"}: its values in the order of the form there, then the rules in their order.`,
  practice: (service: string) =>
    `Here the values and rules would be entered at ${service || "the service"}. Those of practice work on this computer only: enter them nowhere.`,
  unsaved: "The draft is not saved as it is. What stands here is the draft.",
  unsavedGo: "Go to Check and save",
  proved: {
    title: "Proved so far",
    one: (who: string, role: string, at: string) =>
      `${who} signed in on ${at} with exactly these settings, and gets the role ${role}.`,
    none: "Nobody has signed in with exactly these settings.",
    second:
      "A second person, with another address, has not signed in yet. Have one sign in before you enter anything.",
    secondGo: "Test a second person",
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
    flow: "Grant type",
    on: "On",
    off: "Off",
    hint: "Send login hint to SSO provider",
  },
  rules: {
    title: "Rules, in this order",
    lead: "The first match wins, so their order counts as much as their content.",
    label: "the rules",
    line: (number: number, claim: string, value: string, role: string) =>
      `${number}. ${claim} = ${value} -> ${role}`,
    rest: (role: string) => `Everyone else -> ${role}`,
  },
  file: {
    title: "Set-up file",
    lead: "Everything but the secret, as one file that the command latchkey reads: to keep, to review, to compare.",
    act: "Export the set-up file",
    done: (path: string) => `Written to ${path}.`,
  },
  after: {
    title: "After entering it",
    steps: (service: string) => [
      `Keep a signed-in session of the Owner open at ${service} until someone else is in.`,
      "Have the second person sign in first, and compare the role with the one above.",
      "Keep one or two accounts that do not depend on single sign-on.",
    ],
  },
};
