/** A piece of a text; `same` where the other text has it too. */
export type Piece = { text: string; same: boolean };

/** What was expected and what came, cut where they differ. */
export type Difference = {
  expected: Piece[];
  received: Piece[];
  /** The first character that differs, counted from 1. */
  from: number;
};

/** Above this many characters only the common beginning and end are left unmarked. */
const LONGEST = 400;

/** Below this share of common characters, a comparison letter by letter is noise. */
const ALIKE = 0.5;

/** Where two texts differ, to the character; none if they are the same. */
export function difference(expected: string, received: string): Difference | null {
  if (expected === received) return null;
  const left = characters(expected);
  const right = characters(received);
  const head = commonHead(left, right);
  const tail = commonHead(left.slice(head).toReversed(), right.slice(head).toReversed());
  const [leftMiddle, rightMiddle] = [left, right].map((all) =>
    all.slice(head, all.length - tail),
  ) as [string[], string[]];
  const [leftSame, rightSame] = common(leftMiddle, rightMiddle);
  const around = (all: string[], middle: boolean[]) =>
    pieces(all, [
      ...Array<boolean>(head).fill(true),
      ...middle,
      ...Array<boolean>(tail).fill(true),
    ]);
  return { expected: around(left, leftSame), received: around(right, rightSame), from: head + 1 };
}

/** What a person takes for one character; of longer texts, the code points. */
function characters(text: string): string[] {
  if (text.length > 10 * LONGEST) return Array.from(text);
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

function commonHead(left: string[], right: string[]): number {
  let length = 0;
  while (length < Math.min(left.length, right.length) && left[length] === right[length])
    length += 1;
  return length;
}

/** For each character, whether it belongs to the longest common subsequence. */
function common(left: string[], right: string[]): [boolean[], boolean[]] {
  const nothing: [boolean[], boolean[]] = [left.map(() => false), right.map(() => false)];
  if (left.length > LONGEST || right.length > LONGEST) return nothing;
  const lengths = Array.from({ length: left.length + 1 }, () =>
    Array<number>(right.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const length =
        left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      lengths[i]?.splice(j, 1, length);
    }
  }
  if (at(0, 0) < ALIKE * Math.max(left.length, right.length)) return nothing;
  const [leftSame, rightSame] = nothing;
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) {
      leftSame[i] = rightSame[j] = true;
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return [leftSame, rightSame];
}

function pieces(all: string[], same: boolean[]): Piece[] {
  const cut: Piece[] = [];
  all.forEach((text, index) => {
    const last = cut.at(-1);
    const alike = same[index] ?? false;
    if (last && last.same === alike) last.text += text;
    else cut.push({ text, same: alike });
  });
  return cut;
}
