import type { MetadataSignature, RequestBinding } from "../wire";
import { onDay } from "./format";

const bindings: Record<RequestBinding, string> = {
  redirect: "By redirect",
  post: "By form POST",
};

/** The wording of step 2 for SAML. */
export const saml = {
  bindings,
  give: {
    ours: {
      login_redirect_url: "Login Redirect URL",
      audience: "Audience Restriction",
      relay_state: "RelayState",
      login_url: "Sign-in address",
      start_url: "Initiate login URI",
      issuer: "Issuer URL",
    } as Record<string, string | undefined>,
    settings: "To choose in the console",
    nameId: "Name ID format",
    attributes: "Attributes to define",
    attribute: "Name in the answer",
    source: "Value at the provider",
    metadata: {
      title: "The service's metadata",
      says: "All of these values in one file, for a console that takes metadata.",
      copy: "Copy the metadata",
      copied: "The metadata is copied.",
      save: "Save as a file",
      saved: (path: string) => `Written to ${path}.`,
    },
  },
  metadata: {
    title: "Metadata",
    hint: "The shortest way: it holds the Sign-On URL, the Issuer URL and every certificate. Paste its address or all of its text, or drop the file anywhere here.",
    at: (console: string, label: string) => `In the ${console}: ${label}.`,
    label: "Metadata address or text",
    read: "Read",
    again: "Read again",
    choose: "Choose a file",
    chooseLabel: "Choose a file: metadata",
    now: (from: string) => `Reading the metadata from ${from}. It may take up to 15 seconds.`,
    reading: "Reading the metadata.",
    stop: "Stop waiting",
    forget: "Put it away",
    from: (source: string) => `Read from ${source}`,
    pasted: "the pasted text",
    done: (count: number) =>
      count === 1 ? "The metadata is read." : `The metadata is read. It names ${count} providers.`,
    rows: {
      name: "Name",
      entity: "Issuer URL",
      sign_on: "Sign-On URL",
      certificates: "Certificates",
      signed: "Signed",
      valid: "Valid until",
      wants: "Asks for signed requests",
    },
    yes: "yes",
    no: "no",
    signed: {
      unsigned: "no",
      not_checked: "yes; there is no key here to check it with",
      verified: "yes, and it verifies",
    } as Record<MetadataSignature, string>,
    until: (at: string) => onDay(at.slice(0, 10)),
    several: (count: number) => `It names ${count} providers. Choose the one to sign in at.`,
    search: "Search",
    found: (shown: number, count: number) =>
      shown === count ? `${count} found` : `${shown} of ${count} shown; search to narrow`,
    take: "Choose",
    takeOf: (entity: string) => `Choose ${entity}`,
    other: "Choose another",
    none: "No provider here matches the search.",
    differs: "It says something else than the form",
    differsLead: "Nothing was changed yet.",
    inForm: "In the form",
    says: "In the metadata",
    useIt: "Take over what the metadata says",
    keepForm: "Keep the form as it is",
    same: "The form says the same as the metadata.",
    taken: "Taken over from the metadata.",
    count: (count: number) => (count === 1 ? "1 certificate" : `${count} certificates`),
    empty: "empty",
  },
  given: {
    by: (source: string) => `From ${source}`,
    change: "Enter another",
    changeOf: (field: string) => `Enter another: ${field}`,
  },
  signOn: {
    label: "Sign-On URL",
    whole: "Enter the whole address",
    small: (label: string) => `Enter only: ${label}`,
    makes: (address: string) => `The address is ${address}`,
  },
  issuer: {
    label: "Issuer URL",
    hint: "The entity ID, letter by letter as the provider writes it. It may be a name and no address.",
    use: (value: string) => `Use ${value}`,
  },
  certificates: {
    title: "Public certificate",
    hint: "The answer has to be signed with its key. Paste it, choose the file, or drop it anywhere here. For a rotation, add the second one beside the first.",
    add: "Certificate as text",
    addSecond: "Another certificate as text",
    read: "Add",
    readLabel: "Add the certificate",
    choose: "Choose a file",
    chooseLabel: "Choose a file: certificate",
    remove: "Remove",
    removeOf: (place: number) => `Remove certificate ${place}`,
    one: (place: number) => `Certificate ${place}`,
    added: (count: number) =>
      count === 1 ? "One certificate is added." : `${count} certificates are added.`,
    there: "This certificate is in the form already.",
    removed: (place: number) => `Certificate ${place} is removed.`,
    back: "Put it back",
    unread: "Not read",
    rows: {
      subject: "Subject",
      issuer: "Issued by",
      sha256: "SHA-256",
      sha1: "SHA-1",
      serial: "Serial number",
      valid: "Valid",
      key: "Key",
      algorithm: "Signed with",
    },
    itself: "itself",
    valid: (from: string, to: string) => `${onDay(from.slice(0, 10))} to ${onDay(to.slice(0, 10))}`,
    left: (days: number) => {
      if (days < 0) return days === -1 ? "expired a day ago" : `expired ${-days} days ago`;
      if (days === 0) return "expires today";
      return days === 1 ? "1 day left" : `${days} days left`;
    },
    short: (subject: string, sha256: string, days: number) =>
      `${subject}; SHA-256 ${sha256.slice(0, 16)}…; ${saml.certificates.left(days)}`,
    more: "More about it",
    copy: "the SHA-256 fingerprint",
  },
  advanced: {
    title: "Requests, keys and other choices",
    summary: (binding: string, signed: boolean) =>
      `${binding}; ${signed ? "signed" : "not signed"}`,
    binding: "How the request travels",
    redirect: "By redirect",
    redirectSays: "In the address (HTTP-Redirect). Nearly every provider takes it.",
    post: "By form POST",
    postSays: "As a form (HTTP-POST), for a provider that takes no other.",
    usual: "Usual",
    sign: "Sign requests",
    signSays: "With the key pair of this workspace. The provider has to know its certificate.",
    signAsked: "The metadata asks for it.",
    key: {
      title: "Key pair of this workspace",
      says: "It signs requests and decrypts encrypted answers. The key stays in this computer's keychain; only the certificate goes to the provider.",
      untilClosed:
        "It signs requests and decrypts encrypted answers. This computer offers no keychain: the key is kept until you close Latchkey.",
      make: "Make a key pair",
      made: "The key pair is made.",
      copy: "the certificate of the key pair",
      forget: "Forget the key pair",
      forgotten: "The key pair is forgotten.",
      ask: "Forget the key pair?",
      askSays:
        "What the provider encrypted for it can no longer be read, and signed requests need a new one there.",
      keep: "Keep it",
      missing: "Requests are to be signed, and there is no key pair yet.",
    },
    audience: "Another audience",
    audienceHint: (audience: string) =>
      audience
        ? `Only if the provider cannot send ${audience}.`
        : "The service's entity ID, as the answer has to name it.",
  },
};
