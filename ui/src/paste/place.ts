import type { OpenDesk } from "../desk.svelte";
import type { Host } from "../host";
import { certificatesOf } from "../saml/certificates.svelte";
import { metadataOf } from "../saml/metadata.svelte";
import type { Draft, Protocol } from "../wire";

/** A field into which a pasted value can be put. */
type Place = {
  /** In which form the field stands. */
  protocols: readonly Protocol[];
  /** What stands there now. */
  stands: (desk: OpenDesk) => string;
  put: (desk: OpenDesk, host: Host, value: string) => Promise<void>;
  /** What the service gives already, where it does. */
  given?: (desk: OpenDesk) => string;
};

const BOTH = ["oidc", "saml"] as const;

const PLACES: Record<string, Place | undefined> = {
  "workspace.name": text(
    BOTH,
    ({ set_up }) => set_up.workspace.name,
    ({ set_up }, value) => (set_up.workspace.name = value),
  ),
  "workspace.owner_email": text(
    BOTH,
    ({ set_up }) => set_up.workspace.owner_email,
    ({ set_up }, value) => (set_up.workspace.owner_email = value),
  ),
  "connection.issuer": text(
    BOTH,
    ({ set_up }) => set_up.connection.issuer,
    ({ set_up }, value) => (set_up.connection.issuer = value),
  ),
  "connection.client_id": text(
    ["oidc"],
    ({ set_up }) => set_up.connection.client_id,
    ({ set_up }, value) => (set_up.connection.client_id = value),
  ),
  "connection.client_secret": {
    protocols: ["oidc"],
    stands: (desk) => desk.typedSecret,
    put: async (desk, _, value) => {
      desk.typedSecret = value;
      await desk.keepSecret();
    },
  },
  "connection.sign_on_url": text(
    ["saml"],
    ({ set_up }) => set_up.connection.sign_on_url,
    ({ set_up }, value) => (set_up.connection.sign_on_url = value),
  ),
  // The service's own values: pasted in here they would override it, so nobody moves them.
  "connection.login_redirect_url": {
    ...text(
      BOTH,
      ({ set_up }) => set_up.connection.login_redirect_url,
      ({ set_up }, value) => (set_up.connection.login_redirect_url = value || null),
    ),
    given: (desk) => desk.kept.login_redirect_url,
  },
  "connection.audience": {
    ...text(
      ["saml"],
      ({ set_up }) => set_up.connection.audience,
      ({ set_up }, value) => (set_up.connection.audience = value || null),
    ),
    given: (desk) => desk.kept.audience,
  },
  "connection.certificates": {
    protocols: ["saml"],
    stands: () => "",
    put: async (desk, host, value) => void (await certificatesOf(desk, host).addText(value)),
  },
  "connection.metadata": {
    protocols: ["saml"],
    stands: () => "",
    put: async (desk, host, value) => {
      const address = /^https?:\/\/\S+$/i.test(value.trim());
      const metadata = metadataOf(desk, host);
      await metadata.open(
        address ? { from: "address", address: value.trim() } : { from: "paste", text: value },
      );
    },
  },
};

/** The path of a field, by the name under which a recognised value comes. */
export function pathOf(field: string): string {
  const path = field.includes(".") ? field : `connection.${field}`;
  if (path.startsWith("connection.certificates")) return "connection.certificates";
  return path.startsWith("connection.metadata") ? "connection.metadata" : path;
}

/** Whether the form that is open has this field. */
export function hasPlace(desk: OpenDesk, path: string): boolean {
  return PLACES[path]?.protocols.includes(desk.draft.set_up.connection.protocol) ?? false;
}

/** Whether a value may be put there from elsewhere. */
export function mayMoveTo(desk: OpenDesk, path: string): boolean {
  return hasPlace(desk, path) && !PLACES[path]?.given;
}

/** What stands in a field, or is given for it. */
export function standsAt(desk: OpenDesk, path: string): string {
  const place = PLACES[path];
  return place?.stands(desk) || place?.given?.(desk) || "";
}

/** Puts a value into its field, and keeps it. */
export async function putAt(
  desk: OpenDesk,
  host: Host,
  path: string,
  value: string,
): Promise<void> {
  await PLACES[path]?.put(desk, host, value);
}

function text(
  protocols: readonly Protocol[],
  read: (draft: Draft) => string | null | undefined,
  write: (draft: Draft, value: string) => void,
): Place {
  return {
    protocols,
    stands: (desk) => read(desk.draft) ?? "",
    put: async (desk, _, value) => {
      desk.edit((draft) => write(draft, value));
      await desk.flush();
    },
  };
}
