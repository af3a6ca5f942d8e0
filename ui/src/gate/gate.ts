import type { Gate, Met } from "../wire";

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
  const blocking = open.find(({ firm }) => firm);
  return { open, blocking, needsReason: open.length > 0 && !blocking };
}
