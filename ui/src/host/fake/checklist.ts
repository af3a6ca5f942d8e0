import { leadOf, stepsFor } from "../../guide";
import type { Checklist, Entry, Layout, Page, PagePart } from "../../wire";
import { deskOf, type Bench } from "./bench";
import { catalogue } from "./catalogue";

/** The two-sided list, put together with far less care than the program does. */
export function checklistOf(bench: Bench): Checklist {
  const { connection, workspace } = bench.draft.set_up;
  const { service, copy_values } = deskOf(bench);
  const { provider, guide } = leadOf(catalogue, connection);
  if (!guide || !service) throw new Error("The catalogue has no guide.");
  const oidc = "client_id_example" in guide;
  const protocol = oidc ? "OpenID Connect" : "SAML 2.0";
  const attributes = oidc ? [] : guide.attributes;
  const steps = stepsFor(guide, connection.protocol, service);
  const labels = oidc
    ? [guide.labels.issuer, guide.labels.client_id, guide.labels.client_secret]
    : [guide.labels.issuer, guide.labels.sign_on_url, guide.labels.certificates];
  const page: Page = {
    title: `Single sign-on for ${service.name}: what to do at ${provider?.name ?? ""}`,
    lead: `Workspace ${workspace.name}, with ${protocol}. It takes about ${guide.minutes} minutes in the ${guide.console}.`,
    parts: [
      part(
        "Have at hand",
        "plain",
        guide.needs.map((text) => entry(text)),
      ),
      part("Values to paste into the console", "boxes", [
        ...copy_values.map(({ label, value }) => entry(`${label}:`, { value })),
        ...attributes.map(({ name, source }) =>
          entry("Attribute", { value: name, after: `from ${source}` }),
        ),
      ]),
      part(
        "Steps",
        "steps",
        steps.map(({ text, field, code, source }) =>
          entry(source ? text : `${text} (not checked)`, {
            value: copy_values.find((one) => one.field === field)?.value ?? null,
            code: code ?? null,
          }),
        ),
      ),
      part(
        "Known traps",
        "plain",
        guide.traps.map((text) => entry(text)),
      ),
      part(
        "Values to send back",
        "blanks",
        labels.map((label) => entry(`${label}:`)),
      ),
    ].filter(({ entries }) => entries.length > 0),
    checked: `The steps were compared with their sources on ${provider?.checked_on ?? ""}.`,
  };
  return { page, text: `# ${page.title}\n` };
}

function part(title: string, layout: Layout, entries: Entry[]): PagePart {
  return { title, layout, entries, notes: [] };
}

function entry(text: string, more: Partial<Entry> = {}): Entry {
  return { text, value: null, after: "", code: null, ...more };
}
