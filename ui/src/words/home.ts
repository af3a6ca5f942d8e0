import type { Protocol } from "../wire";
import { dayOf } from "./format";

/** Past this many days a date says more than their number. */
const FAR = 90;

/** The wording of the home page. */
export const home = {
  page: "Workspaces",
  title: "Workspaces",
  lead: "Each one is the single sign-on set-up of one tenant of a service.",
  create: "New workspace",
  import: "Import a set-up file",
  practice: {
    title: "Practise",
    says: "The whole journey on this computer, with invented people. Nothing real is touched.",
    by: { oidc: "Practise with OpenID Connect", saml: "Practise with SAML 2.0" },
  },
  open: (name: string) => `Open ${name}`,
  noProvider: "No provider chosen yet",
  changed: (at: string) => `Changed ${at}`,
  saved: (revision: number, unsaved: boolean) =>
    unsaved ? `Revision ${revision}, not saved since · ` : `Revision ${revision} · `,
  ends: (protocol: Protocol, days: number, at: string) => {
    const what = protocol === "saml" ? "Certificate" : "Client secret";
    if (days < 0) return `${what} ended on ${dayOf(at)}`;
    if (days === 0) return `${what} ends within a day`;
    if (days <= FAR) return `${what} ends in ${days === 1 ? "1 day" : `${days} days`}`;
    return `${what} ends on ${dayOf(at)}`;
  },
  noService: "Service not chosen",
  delete: "Delete",
  deleteLabel: (name: string) => `Delete ${name}`,
  empty: {
    title: "Set up single sign-on without locking anyone out",
    lead: "Latchkey leads you through six steps. It catches the provider's answer before the service sees it, and shows who would get which role.",
    promises: [
      "Nothing is saved as live until a real sign-in has proved it.",
      "The answer of a test sign-in never reaches the service.",
    ],
    practice: "Try it with the practice provider",
    practiceSaml: "Try it with SAML 2.0",
    practiceSays:
      "The whole journey in about three minutes, on this computer alone, with invented people. Nothing at a real provider or service is touched.",
    startTitle: "Or start with your own",
    startSays: "Your workspaces will be listed here, each with how far it is.",
  },
  forget: {
    title: (name: string) => `Delete ${name}?`,
    goes: "Its draft, saved revisions, test evidence and the client secret kept for it are deleted from this computer. This cannot be undone.",
    stays: "Nothing changes at the service or at the provider.",
    cancel: "Keep it",
    confirm: (name: string) => `Delete ${name}`,
    done: (name: string) => `${name} was deleted.`,
  },
  version: (version: string) => `Latchkey ${version}`,
};
