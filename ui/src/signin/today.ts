import type { StageReport, Test, Told, Verdict } from "../wire";

/** The stages of a sign-in, with the last one as today's rules have it. */
export function todaysStages({ evidence, resolution }: Test): StageReport[] {
  const outcome = resolution.rule === null ? "failed" : "passed";
  return evidence.stages.map((report) => {
    if (report.stage !== "mapped" || report.outcome === outcome) return report;
    return { ...report, outcome, findings: [] };
  });
}

/** The stage that ended a sign-in. */
export function failedStage({ stages }: Pick<Verdict, "stages">): StageReport | undefined {
  return stages.find(({ outcome }) => outcome === "failed");
}

/** What was expected and what came, where a finding carries both as text. */
export function comparable({ data }: Told): { expected: string; received: string } | null {
  const { expected, received } = data;
  if (typeof expected !== "string" || typeof received !== "string") return null;
  return { expected, received };
}
