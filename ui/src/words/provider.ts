/** The wording of step 1. */
export const provider = {
  lead: (from: number, to: number) =>
    from === to
      ? `The set-up takes about ${from} minutes.`
      : `The set-up takes about ${from} to ${to} minutes, depending on the provider.`,
  needs: {
    title: "What you will need",
    all: [
      "An administrator of your identity provider, at its console",
      "The e-mail address of the Owner who is setting this up",
      "A second person who can sign in, before anyone depends on it",
    ],
    practice:
      "This workspace practises with made-up people on this computer. Everything is filled in: read it, change what you like, and continue.",
    kept: "Every answer is kept as you go. You can close Latchkey and come back.",
  },
  workspace: {
    title: "Workspace",
    service: "Service",
    name: "Workspace name",
    nameHint: "As the service shows it.",
    region: "Region",
    regionHint: "Where the workspace is hosted. The Login Redirect URL follows from it.",
    inferred: "Address inferred",
    owner: "Owner's e-mail",
    ownerHint: "The first claim rule keeps this person in the highest role.",
  },
  protocol: {
    title: "Protocol",
    oidc: "OpenID Connect",
    oidcSays:
      "The provider publishes its addresses and keys, so most fields fill themselves and keys renew without you.",
    saml: "SAML 2.0",
    samlSays: "Latchkey cannot lead through it yet.",
    recommended: "Recommended",
    coming: "Coming",
  },
  choice: {
    title: "Provider",
    hint: "Who your people sign in with.",
    minutes: (minutes: number) => `About ${minutes} minutes`,
    notLed: (names: string) =>
      `Latchkey has no guide for ${names} yet. Choose Other: it asks for the same values and tests them in the same way.`,
    unguided: "No guide yet: its values are entered as for Other.",
  },
  panel: {
    label: "What the provider needs",
    practice: "The practice provider needs no console and no account.",
    none: "Choose a provider to see what it needs and how long it takes.",
    with: (name: string) => `With ${name}`,
    minutes: (minutes: number) => `About ${minutes} minutes in its console.`,
    hand: "Have at hand",
    traps: "Good to know",
    checked: (day: string) => `Compared with its sources on ${day}.`,
  },
};
