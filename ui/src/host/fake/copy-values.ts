import type { CopyValue, Draft, Service } from "../../wire";
import { leadFor, samlLeadFor } from "../../guide";
import { catalogue } from "./catalogue";

/** What goes into the provider's console, as the program puts it together. */
export function copyValues(draft: Draft, service: Service, redirect: string): CopyValue[] {
  const { connection, workspace } = draft.set_up;
  const region = service.regions.find(({ id }) => id === (workspace.region ?? ""));
  const audience = connection.audience ?? service.audience;
  const values: [field: string, label: string | null | undefined, value: string][] = [];
  if (connection.protocol === "saml") {
    const guide = samlLeadFor(catalogue, connection.provider).guide;
    for (const label of guide?.labels.login_redirect_url ?? []) {
      values.push(["login_redirect_url", label, redirect]);
    }
    values.push(["audience", guide?.labels.audience, audience]);
    values.push(["issuer", guide?.labels.issuer, guide?.issuer_chosen ?? ""]);
    values.push(["relay_state", guide?.labels.relay_state, redirect]);
  } else {
    const labels = leadFor(catalogue, connection.provider).guide?.labels;
    const domain = workspace.owner_email.split("@")[1] ?? "";
    const start = domain && region?.start_url?.replace("{domain}", domain);
    values.push(["login_redirect_url", labels?.login_redirect_url, redirect]);
    values.push(["start_url", labels?.start_url, start ?? ""]);
  }
  return values.flatMap(([field, label, value]) =>
    label && value ? [{ field, label, value }] : [],
  );
}
