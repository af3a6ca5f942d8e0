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
      "This workspace practises with invented people on this computer. Everything is filled in: read it, change what you like, and continue.",
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
  service: {
    other: "Another service…",
    back: (name: string) => `${name} is described in this workspace alone.`,
    name: "Name of the service",
    redirect: "Login Redirect URL",
    redirectHint:
      "Where the service takes the provider's answer: its ACS URL, callback or redirect URI.",
    audience: "Audience",
    audienceHint: "For SAML: the service's entity ID, as the answer has to name it.",
    roles: "Roles",
    rolesHint: "One a line, the one that may do most at the top.",
    fallback: "Without a role",
    fallbackHint: "What somebody gets whom no rule matches, such as Guest or No access.",
    file: {
      says: "A description can be saved as a file, and read again in another workspace.",
      save: "Save this description",
      saved: (path: string) => `Written to ${path}.`,
      open: "Read one from a file",
      read: (name: string) => `${name} is read from the file.`,
    },
  },
  protocol: {
    title: "Protocol",
    oidc: "OpenID Connect",
    saml: "SAML 2.0",
    says: {
      oidc: "The provider publishes its addresses and keys, so most fields fill themselves and keys renew without you.",
      saml: "The provider signs its answers with a certificate that expires, and has to be renewed by hand.",
    },
    recommended: "Recommended",
    notSpoken: (name: string) => `${name} does not offer it.`,
    turned: (name: string, protocol: string) =>
      `${name} does not speak the other protocol: ${protocol} is chosen.`,
  },
  choice: {
    title: "Provider",
    hint: "Who your people sign in with.",
    minutes: (from: number, to = from) =>
      from === to ? `About ${from} minutes.` : `About ${from} to ${to} minutes.`,
    unguided: "No guide yet: its values are entered as for Other.",
  },
  panel: {
    label: "What the provider needs",
    practice: "The practice provider needs no console and no account.",
    none: "Choose a provider to see what it needs and how long it takes.",
    with: (name: string, protocol: string) => `With ${name}, by ${protocol}`,
    general: (name: string) =>
      `There is no guide for ${name}: these are the steps for any provider.`,
    minutes: (minutes: number) => `About ${minutes} minutes in its console.`,
    hand: "Have at hand",
    cautions: (service: string) => `About ${service}`,
  },
};
