import type { Catalogue, GuideStep, OidcGuide, Provider } from "./wire";

/** The provider that stands for every one without a guide of its own. */
const FALLBACK = "other";

/** The chosen provider, and the guide to follow: its own, or the one for any provider. */
export type Lead = { provider: Provider | undefined; guide: OidcGuide | undefined; own: boolean };

export function leadFor(catalogue: Catalogue, id: string): Lead {
  const find = (wanted: string) => catalogue.providers.find((one) => one.id === wanted);
  const provider = find(id);
  const guide = provider?.oidc ?? find(FALLBACK)?.oidc ?? undefined;
  return { provider, guide, own: Boolean(provider?.oidc) && id !== FALLBACK };
}

/** The code of a step with the values filled in; a value that is still empty stays named. */
export function codeOf(step: GuideStep, values: Record<string, string>): string | null {
  return (
    step.code?.replace(/\{(client_id|login_redirect_url)\}/g, (whole, name: string) => {
      const value = values[name];
      // Inside a quoted string of code: nothing that was typed may end it.
      return value ? value.replace(/["\\\r\n]/g, (one) => `\\${one}`) : whole;
    }) ?? null
  );
}
