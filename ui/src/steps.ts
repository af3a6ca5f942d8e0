import type { Step } from "./wire";

/** The six steps, in order; the same for every protocol. */
export const STEPS: readonly Step[] = [
  "provider",
  "connection",
  "claims",
  "test",
  "save",
  "roll_out",
];

/** The place of a step, counted from 0. */
export function placeOf(step: Step): number {
  return STEPS.indexOf(step);
}

/** The step behind this one, if there is one. */
export function after(step: Step): Step | undefined {
  return STEPS[placeOf(step) + 1];
}

/** The step before this one, if there is one. */
export function before(step: Step): Step | undefined {
  return STEPS[placeOf(step) - 1];
}

/** The step on which a field stands, by the path of a finding. */
export function stepOf(path: string | null): Step | null {
  if (path === null) return null;
  if (path.startsWith("rules")) return "claims";
  if (path.startsWith("workspace.")) return "provider";
  if (path === "connection.provider" || path === "connection.protocol") return "provider";
  if (path.startsWith("connection.")) return "connection";
  return null;
}

/** The id of the control that a finding's path is about. */
export function idOf(path: string): string {
  return `at-${path.replace(/[^a-z0-9_]+/gi, "-").replace(/-$/, "")}`;
}
