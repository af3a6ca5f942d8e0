import type { Catalogue, Provider, Service } from "../../wire";
import torq from "../../../../src-tauri/core/services/torq.json";

/** In the order in which the program offers them. */
const ORDER = ["okta", "auth0", "entra", "onelogin", "jumpcloud", "google", "ping", "keycloak"];

const files = import.meta.glob<Provider>("../../../../src-tauri/core/providers/*.json", {
  eager: true,
  import: "default",
});

function rank(provider: Provider): number {
  if (provider.id === "other") return Number.MAX_SAFE_INTEGER;
  const place = ORDER.indexOf(provider.id);
  return place < 0 ? ORDER.length : place;
}

/** The same files that are built into the program. */
export const catalogue: Catalogue = {
  services: [torq as Service],
  providers: Object.values(files).sort((a, b) => rank(a) - rank(b)),
};
