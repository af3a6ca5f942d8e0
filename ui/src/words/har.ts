import type { ChainStep } from "../wire";
import { atMoment } from "./format";

const steps: Record<ChainStep, string> = {
  start: "The service sends the browser to the provider",
  request: "The provider is asked",
  provider: "The provider's own page",
  answer: "The provider's answer goes to the service",
  tokens: "Tokens are fetched",
  reply: "What the service does with it",
};

/** The wording of the page for a browser's recording. */
export const har = {
  name: "Open a HAR file",
  says: "A recording of the browser during a failed sign-in, from Chrome, Edge, Firefox, Safari or Charles, of any size.",
  title: "Open a HAR file",
  lead: "The recording is read from the disk and held against the set-up. Cookies, passwords, secrets and codes in it are dropped as they are read. Nothing of it leaves this computer.",
  howTitle: "How to record one",
  how: [
    "Open a private window, then the developer tools (F12), tab Network.",
    "Switch on Preserve log; in Firefox, Persist Logs.",
    "Sign in until it fails.",
    "Export the recording as HAR: with sensitive data in Chrome and Edge, Save All As HAR in Firefox, Export in Safari.",
  ],
  choose: "Choose a HAR file",
  drop: "Or drop it anywhere on this page.",
  oneFile: "One recording at a time: drop a single file.",
  reading: "Reading the recording",
  cancel: "Stop reading",
  about: (file: string, creator: string, requests: number) =>
    `${file}: ${requests === 1 ? "1 request" : `${requests} requests`}${creator ? `, recorded by ${creator}` : ""}.`,
  cut: " It breaks off: what came before is judged.",
  which: "Which sign-in is shown",
  chain: (number: number, at: string | null) =>
    at === null ? `Sign-in ${number}` : `Sign-in ${number}, ${atMoment(at)}`,
  sequence: "The sign-in, step by step",
  worked: "The recording shows no refusal in this one.",
  broke: "Here it broke",
  none: "no answer",
  parameters: (names: string[]) => `With ${names.join(", ")}`,
  steps,
  done: (sign_ins: number, what: string) =>
    `${sign_ins === 1 ? "One sign-in" : `${sign_ins} sign-ins`} found. ${what}`,
};
