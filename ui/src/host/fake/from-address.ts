import { fakeHost, SCENARIOS, type Scenario } from "./index";

/** The fake that the page's address asks for: `?fake=tested&pace=600`. */
export function fakeFromAddress(search: string) {
  const query = new URLSearchParams(search);
  const asked = query.get("fake") as Scenario | null;
  const scenario = asked && SCENARIOS.includes(asked) ? asked : "empty";
  return fakeHost({ scenario, pace: Number(query.get("pace") ?? 400) });
}
