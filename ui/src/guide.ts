import type {
  Catalogue,
  ConnectionFields,
  GuideStep,
  OidcGuide,
  Protocol,
  Provider,
  SamlGuide,
  Service,
} from "./wire";
import { onDay } from "./words/format";

/** The provider that stands for every one without a guide of its own. */
const FALLBACK = "other";

/** The guide of either protocol: what both have in common. */
export type AnyGuide = OidcGuide | SamlGuide;

/** The chosen provider, and the guide to follow: its own, or the one for any provider. */
export type Lead<Guide extends AnyGuide = AnyGuide> = {
  provider: Provider | undefined;
  guide: Guide | undefined;
  own: boolean;
};

/** The guide for OpenID Connect. */
export function leadFor(catalogue: Catalogue, id: string): Lead<OidcGuide> {
  return leadBy(catalogue, id, ({ oidc }) => oidc);
}

/** The guide for SAML 2.0. */
export function samlLeadFor(catalogue: Catalogue, id: string): Lead<SamlGuide> {
  return leadBy(catalogue, id, ({ saml }) => saml);
}

/** The guide for what is chosen. */
export function leadOf(
  catalogue: Catalogue,
  { provider, protocol }: Pick<ConnectionFields, "provider" | "protocol">,
): Lead {
  return protocol === "saml" ? samlLeadFor(catalogue, provider) : leadFor(catalogue, provider);
}

/** Takes another provider or protocol. An issuer that the guide itself knows comes and goes with it. */
export function turnTo(
  catalogue: Catalogue,
  form: ConnectionFields,
  to: Partial<Pick<ConnectionFields, "provider" | "protocol">>,
): void {
  const ofGuide = () => {
    const { protocol, provider } = form;
    const issuer =
      protocol === "saml"
        ? samlLeadFor(catalogue, provider).guide?.issuer_chosen
        : leadFor(catalogue, provider).guide?.issuer_same;
    return issuer ?? "";
  };
  if (form.issuer === ofGuide()) form.issuer = "";
  Object.assign(form, to);
  form.issuer ||= ofGuide();
}

/** How far steps were compared with their sources. */
export type Compared = { done: number; of: number; day: string };

/** How many of these steps were compared, and when. */
export function comparedOf(
  steps: readonly Pick<GuideStep, "source">[],
  provider: Provider,
): Compared {
  const done = steps.filter(({ source }) => source).length;
  return { done, of: steps.length, day: onDay(provider.checked_on) };
}

/** Whether a step is to be marked as not compared: where others are. */
export function isDoubtful(step: Pick<GuideStep, "source">, { done }: Compared): boolean {
  return done > 0 && !step.source;
}

/** Whether the provider speaks the protocol, as far as anybody knows. */
export function speaks(provider: Provider | undefined, protocol: Protocol): boolean {
  return provider?.protocols.includes(protocol) ?? true;
}

/** The steps that matter with this service. */
export function stepsFor(
  { steps }: AnyGuide,
  protocol: Protocol,
  service: Service | null,
): GuideStep[] {
  const starts = service?.[`provider_initiated_${protocol}`] ?? false;
  return steps.filter(({ provider_initiated: only = null }) => only === null || only === starts);
}

function leadBy<Guide extends AnyGuide>(
  catalogue: Catalogue,
  id: string,
  of: (provider: Provider) => Guide | null | undefined,
): Lead<Guide> {
  const find = (wanted: string) => catalogue.providers.find((one) => one.id === wanted);
  const provider = find(id);
  const fallback = find(FALLBACK);
  const own = provider && of(provider);
  const guide = own ?? (fallback && of(fallback)) ?? undefined;
  return { provider, guide, own: Boolean(own) && id !== FALLBACK };
}

/** The code of a step with the values filled in; a value that is still empty stays named. */
export function codeOf(step: GuideStep, values: Record<string, string>): string | null {
  return (
    step.code?.replace(/\{(client_id|login_redirect_url|audience)\}/g, (whole, name: string) => {
      const value = values[name];
      // Inside a quoted string of code: nothing that was typed may end it.
      return value ? value.replace(/["\\\r\n]/g, (one) => `\\${one}`) : whole;
    }) ?? null
  );
}
