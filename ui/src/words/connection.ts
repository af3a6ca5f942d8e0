import type { Compared } from "../guide";
import type { Tally } from "../wire";

/** The wording of step 2. */
export const connection = {
  lead: (provider: string, service: string) =>
    `Make an application for ${service} at ${provider}, then bring back what it says.`,
  yourProvider: "your provider",
  practiceProvider: "the practice provider",
  practice:
    "The practice provider runs on this computer, and its values are filled in. At a real provider you copy them in and out like this.",
  give: {
    title: (provider: string) => `Copy to ${provider}`,
    redirect: "Login Redirect URL",
    progress: ({ done, of }: Tally) => (of === 0 ? "" : `${done} of ${of} copied`),
    copied: "copied",
    notes: (service: string) => `What ${service} says about this address`,
    noRegion: "The address follows from the region, which is not chosen yet.",
    chooseRegion: "Choose the region",
  },
  take: {
    title: (provider: string) => `Bring back from ${provider}`,
    at: (console: string, label: string) => `In the ${console}: ${label}.`,
    example: (example: string) => `It looks like ${example}`,
    issuer: "Issuer URL",
    clientId: "Client ID",
    secret: "Client secret",
    expires: "Client secret's last day",
    expiresHint: "As the provider shows it beside the secret. Latchkey reminds you before it.",
    day: "2027-11-22",
    progress: ({ done, of }: Tally) => (of === 0 ? "" : `${done} of ${of} given`),
  },
  reading: {
    act: "Read",
    again: "Read again",
    label: (act: string) => `${act} what the provider says about itself`,
    now: (host: string) => `Reading what ${host} says about itself. It may take up to 15 seconds.`,
    stop: "Stop waiting",
    done: (host: string) => `Read from ${host}.`,
    title: (host: string) => `${host} says about itself`,
    addresses: "Its addresses",
    use: (value: string) => `Use ${value}`,
    silent: "not said",
    rows: {
      flows: "Flows",
      scopes: "Scopes",
      claims: "Claims",
      secret: "Takes the secret by",
      algorithms: "Signs with",
      issuer: "Issuer",
      authorization: "Sign-in page",
      token: "Tokens",
      userinfo: "UserInfo",
      keys: "Keys",
    },
    none: "none",
    flows: { code: "Code", implicit: "Implicit", other: (types: string) => `others (${types})` },
    ways: {
      client_secret_basic: "HTTP Basic",
      client_secret_post: "form field",
    } as Record<string, string | undefined>,
  },
  secret: {
    keychain: "Kept in this computer's keychain; never in a file, a log or an export.",
    untilClosed:
      "This computer offers no keychain. The secret is kept in memory until you close Latchkey, and asked for again after that.",
    keptKeychain: "Kept in the keychain",
    keptUntilClosed: "Kept until you close Latchkey",
    keep: "Keep",
    replace: "Replace",
    cancel: "Cancel",
    show: "Show",
    hide: "Hide",
    showLabel: "Show the client secret",
    hideLabel: "Hide the client secret",
    shownLabel: "The client secret",
    replaceLabel: "Replace the client secret",
    keepLabel: "Keep the client secret",
    announceKept: "The client secret is kept.",
  },
  advanced: {
    title: "Scopes, flow and other choices",
    summary: (flow: string, scopes: string) => `${flow}; ${scopes}`,
    scopes: "Requested scopes",
    scopesHint: "Separated by spaces.",
    usual: "Use the usual ones",
    flow: "Flow",
    code: "Code flow",
    codeSays: "The provider hands out a code, and the service exchanges it for the tokens.",
    implicit: "Implicit flow",
    implicitSays: "The provider sends the ID token through the browser.",
    recommended: "Recommended",
    notOffered: "Not offered by this provider",
    hint: "Send login hint",
    hintSays: "The provider's page starts with the person's address filled in.",
    redirect: "Another Login Redirect URL",
    redirectHint: (service: string) =>
      `Only if ${service}'s own form shows another one than the one above.`,
  },
  guide: {
    label: "Steps in the provider's console",
    practice: "In practice there is nothing to do here. At a real provider these are the steps.",
    in: (console: string) => `In the ${console}`,
    inYour: (console: string) => `In ${console}`,
    to: (console: string) => (console ? `To the steps in the ${console}` : "To the steps"),
    code: "Code to paste",
    codeWaits: "It can be copied once the client ID, which it holds, stands in its field.",
    traps: "Known traps",
    checked: ({ done, of, day }: Compared) => {
      if (done === 0)
        return "Not checked against the provider's documentation: names in its console may differ.";
      if (done === of) return `Checked against its documentation on ${day}.`;
      return `${done} of ${of} steps were checked against documentation on ${day}. Names in the others may differ.`;
    },
    doubtful: "not checked",
    here: "About the field you are in",
  },
};
