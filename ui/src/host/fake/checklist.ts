import { leadOf, stepsFor } from "../../guide";
import type { Checklist, Ledger, Wanted } from "../../wire";
import { deskOf, type Bench } from "./bench";
import { catalogue } from "./catalogue";

/** The two-sided list, put together with far less care than the program does. */
export function checklistOf(bench: Bench): Checklist {
  const { connection, workspace } = bench.draft.set_up;
  const { service, copy_values } = deskOf(bench);
  const { provider, guide } = leadOf(catalogue, connection);
  if (!guide || !service) throw new Error("The catalogue has no guide.");
  const want = (field: string, label: string, example = "", secret = false): Wanted => ({
    field: `connection.${field}`,
    label,
    example,
    secret,
  });
  const oidc = "client_id_example" in guide;
  const ledger: Ledger = {
    service: service.name,
    workspace: workspace.name,
    provider: provider?.name ?? "",
    console: guide.console,
    protocol: connection.protocol,
    minutes: guide.minutes,
    needs: guide.needs,
    give: copy_values,
    settings: oidc ? [] : (guide.settings ?? []),
    attributes: oidc ? [] : guide.attributes,
    steps: stepsFor(guide, connection.protocol, service).map(({ text, field, code, source }) => ({
      text,
      value: copy_values.find((one) => one.field === field)?.value ?? null,
      code,
      compared: Boolean(source),
    })),
    want: oidc
      ? [
          want("issuer", guide.labels.issuer, guide.issuer_example),
          want("client_id", guide.labels.client_id, guide.client_id_example),
          want("client_secret", guide.labels.client_secret, "", true),
        ]
      : [
          want("issuer", guide.labels.issuer, guide.issuer_example),
          want("sign_on_url", guide.labels.sign_on_url, guide.sign_on_url_example),
          want("certificates", guide.labels.certificates),
        ],
    traps: guide.traps,
    checked_on: provider?.checked_on ?? "",
  };
  return { ledger, text: `# Single sign-on for ${ledger.service}\n` };
}
