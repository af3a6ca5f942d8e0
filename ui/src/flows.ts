import type { Discovery, Flow } from "./wire";

const TYPES: Record<Flow, string> = { code: "code", implicit: "id_token" };

/** Whether the provider offers the flow; a provider that does not say may offer it. */
export function offers(document: Discovery | null, flow: Flow): boolean {
  const types = document?.response_types ?? [];
  return types.length === 0 || types.includes(TYPES[flow]);
}
