import { inRow } from "./format";

const revisions = (numbers: number[]) =>
  numbers.length === 1 ? `Revision ${numbers[0]}` : `Revisions ${inRow(numbers.map(String))}`;
const are = (count: number) => (count === 1 ? "is" : "are");

/** The words of what came out of a damaged database. */
export const salvage = {
  title: "The database was damaged. What is whole was restored.",
  when: (at: string) => `Found at the start on ${at}.`,
  back: (numbers: number[]) =>
    numbers.length === 0 ? "No revision came back." : `${revisions(numbers)} came back.`,
  lost: (numbers: number[]) => `${revisions(numbers)} ${are(numbers.length)} lost.`,
  draft: (number: number) =>
    `The draft is lost. It was made again from revision ${number}: check it before you go on.`,
  tests: (count: number) =>
    count === 1 ? "One test sign-in is lost." : `${count} test sign-ins are lost.`,
  testAgain: "Test the sign-in again where a condition is not met any more.",
  enforced: "The revision that was enforced is lost: nothing is marked as enforced any more.",
  whole: "Nothing is known to be lost.",
  none: "No workspace could be restored.",
  workspaces: (count: number) =>
    count === 1
      ? "Another workspace is lost. Only the journal tells that it was here."
      : `${count} other workspaces are lost. Only the journal tells that they were here.`,
  lines: (count: number) =>
    `${count === 1 ? "A line" : `${count} lines`} of the journal ${are(count)} lost: what was told there is named nowhere.`,
  kept: "The damaged database is kept, as it was, in",
  away: "I have read this",
  putAway: "The report was put away.",
};
