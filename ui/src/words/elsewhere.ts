import type { Protocol } from "../wire";

/** What the person elsewhere is told. */
export type Sent = {
  service: string;
  workspace: string;
  /** What the set-up file is called. */
  file: string;
  protocol: Protocol;
  /** Whether the sign-in needs the client secret. */
  secret: boolean;
  /** Whether the sign-in needs a key to sign its request with. */
  key: boolean;
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
    key: "Requests are signed, and this workspace's key does not leave this computer. Have the provider know the certificate of another key for the test and give that one to the person, or send requests unsigned.",
  },
  proves:
    "It proves who the person is and what the provider signed. That a request of this computer was answered, only a sign-in here proves.",
  answer: {
    label: "Answer",
    hint: "The file's text, a SAML response (XML or base64), or an ID token.",
    choose: "Choose a file",
    check: "Check the answer",
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
function instruction({ service, workspace, file, protocol, secret, key, owner }: Sent): string {
  const needed = [secret && " --secret-file secret.txt", key && " --key key.pem"];
  const options = needed.filter(Boolean).join("");
  const command = `latchkey sign-in ${file} --loopback 8765${options} --answer-file answer.json`;
  const beside = secret ? "secret.txt" : key ? "key.pem" : "";
  const admits =
    protocol === "saml" ? "Assertion Consumer Service (ACS) URL" : "sign-in redirect URI";
  return [
    `A test sign-in for ${service} (${workspace})`,
    "",
    `Do not sign in at ${service} itself for this: a first sign-in there that no rule matches removes your account.`,
    "",
    "1. Install latchkey, the command of Latchkey.",
    `2. Save the file ${file}, which came with this text, in a folder, and open a terminal there.`,
    secret
      ? "3. Put the client secret into a file secret.txt beside it. Get it by a way that you trust, never by e-mail."
      : key
        ? "3. Put the private key that signs the request and its certificate, both in PEM, into a file key.pem beside it. Get them by a way that you trust, never by e-mail."
        : "3. Nothing else is needed: no secret is asked for.",
    `4. Run: ${command}`,
    "5. Your browser opens the provider's page. Sign in with your own account. The answer goes to 127.0.0.1, your own computer, and nowhere else.",
    `6. Send answer.json to ${owner || "whoever asked you"} within 14 days, then delete it${beside && `, and ${beside} too`}: it holds your signed name, address and groups.`,
    "",
    `If the provider refuses the address: whoever runs it has to allow http://127.0.0.1:8765/callback as ${admits} for the test.`,
    "",
  ].join("\n");
}
