import type { Condition, Gate, Met } from "../wire";

/** Conditions that no reason can stand in for: what is wrong in itself has to be mended. */
const FIRM: Condition[] = ["fields_hold", "rules_hold", "saved"];

/** Conditions that only a sign-in can meet. */
export const PROVED: Condition[] = ["tested", "owner_keeps_highest_role", "second_person"];

/** Shorter than this is no sentence. */
const SENTENCE = 12;

/** What a gate still asks for. */
export type Asked = {
  /** Every condition that is not met. */
  open: Met[];
  /** The first one that has to be met, whatever is written. */
  blocking: Met | undefined;
  /** Whether a written reason opens it. */
  needsReason: boolean;
};

/** What stands in the way at a gate. */
export function askedBy({ conditions }: Gate): Asked {
  const open = conditions.filter(({ met }) => !met);
  const blocking = open.find(({ condition }) => FIRM.includes(condition));
  return { open, blocking, needsReason: open.length > 0 && !blocking };
}

/** Whether a written reason says less than a sentence. */
export function isShort(reason: string): boolean {
  return reason.trim().length < SENTENCE;
}
