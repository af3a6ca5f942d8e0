import type { Protocol } from "../wire";

/** What the person elsewhere is told. */
export type Sent = {
  service: string;
  workspace: string;
  protocol: Protocol;
  /** Whether the sign-in needs the client secret. */
  secret: boolean;
  /** Who asks. */
  owner: string;
};

/** The words of a sign-in that takes place elsewhere. */
export const elsewhere = {
  lead: (service: string) =>
    `The person signs in on their own computer and sends the answer as a file. Their sign-in must not reach ${service || "the service"}: a first one that matches no rule removes the person's own account there. So they use Latchkey's command, whose answer stays on their computer.`,
  instruction: {
    title: "What to send to the person",
    label: "the instruction",
    file: "Send the set-up file along: Roll out writes it, and no secret is in it.",
  },
  proves:
    "It proves who the person is and what the provider signed. That a request of this computer was answered, only a sign-in here proves.",
  kept: "What is verified is kept on this computer only: name, address and claims, without the answer itself. Forget this evidence deletes it, and so does deleting the workspace.",
  answer: {
    label: "Answer",
    hint: "The file's text, a SAML response (XML or base64), or an ID token.",
    choose: "Choose a file",
    check: "Check the answer",
    empty: { what: "Nothing is pasted.", do: "Paste the answer, or choose the file." },
  },
  person: {
    label: "What the person is called",
    hint: "For you, such as: Bob, from the Support team. It can be left empty.",
    keep: "Keep the name",
    done: (name: string) => (name ? `Called ${name} from now on.` : "The name is removed."),
  },
  text: instruction,
};

/** Ready to be sent. */
function instruction({ service, workspace, protocol, secret, owner }: Sent): string {
  const file = `${slug(workspace)}.latchkey.json`;
  const command = `latchkey sign-in ${file} --loopback 8765${secret ? " --secret-file secret.txt" : ""} --answer-file answer.json`;
  const admits =
    protocol === "saml" ? "Assertion Consumer Service (ACS) URL" : "sign-in redirect URI";
  return [
    `A test sign-in for ${service} (${workspace})`,
    "",
    `Do not sign in at ${service} itself for this: a first sign-in there that no rule matches removes your account.`,
    "",
    "1. Install latchkey, the command of Latchkey.",
    `2. Save the file ${file}, which came with this text, in a folder, and open a terminal there.`,
    ...(secret
      ? [
          "3. Put the client secret into a file secret.txt beside it. Get it by a way that you trust, never by e-mail.",
        ]
      : ["3. Nothing else is needed: no secret is asked for."]),
    `4. Run: ${command}`,
    "5. Your browser opens the provider's page. Sign in with your own account. The answer goes to 127.0.0.1, your own computer, and nowhere else.",
    `6. Send answer.json to ${owner || "whoever asked you"} within 14 days, then delete it${secret ? ", and secret.txt too" : ""}: it holds your signed name, address and groups.`,
    "",
    `If the provider refuses the address: whoever runs it has to allow http://127.0.0.1:8765/callback as ${admits} for the test.`,
    "",
  ].join("\n");
}

function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "") || "workspace"
  );
}
