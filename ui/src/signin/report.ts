import type { Claims, StageReport, Way } from "../wire";

/** What a report is made of. No value of a claim, and no sentence that could hold one. */
export type Reported = {
  version: string;
  service: string;
  provider: string;
  /** `oidc` with its flow, or `saml`. */
  protocol: string;
  way: Way;
  at: string;
  stages: StageReport[];
  claims: Claims;
  rule: number | null;
  rules: number;
};

/** A report that can be given to anyone: stages, codes of findings, names of claims. */
export function report(of: Reported): string {
  const names = Object.entries(of.claims).map(([name, values]) => `  ${name} (${values.length})`);
  return [
    `Latchkey ${of.version}, report of a test sign-in`,
    `service   ${of.service}`,
    `provider  ${of.provider}`,
    `protocol  ${of.protocol}`,
    `way       ${of.way}`,
    `at        ${of.at}`,
    "",
    "stages",
    ...of.stages.flatMap(({ stage, outcome, findings }) => [
      `  ${stage.padEnd(11)} ${outcome}`,
      ...findings.map(({ severity, code }) => `    ${severity}: ${code}`),
    ]),
    "",
    "claims (number of values)",
    ...(names.length > 0 ? names : ["  none verified"]),
    "",
    `rule      ${of.rule ?? "none"} of ${of.rules}`,
    "",
  ].join("\n");
}
