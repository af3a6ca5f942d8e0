/** The wording of the list that goes to whoever runs the provider. */
export const checklist = {
  open: "Send this list to the provider's administrator",
  title: (service: string, provider: string) => `Single sign-on for ${service}, at ${provider}`,
  about: (workspace: string, protocol: string, minutes: number, console: string) =>
    `Workspace ${workspace || "without a name"}, with ${protocol}. It takes about ${minutes} minutes in the ${console.replace(/^your /, "")}.`,
  back: "What comes back can be pasted whole into Paste anything: each value goes to its field.",
  needs: "Have at hand",
  give: "Values to paste into the console",
  attribute: (name: string, source: string) => `${name} from ${source}`,
  attributeLabel: "Attribute",
  steps: "Steps",
  traps: "Known traps",
  want: "Values to send back",
  like: (example: string) => `such as ${example}`,
  secret: "by a way that only the Owner can read, such as a password manager",
  certificate:
    "The certificate is sent as text that begins with BEGIN CERTIFICATE, or as a file. Never send a private key.",
  copy: "Copy as text",
  copied: "The list is copied.",
  save: "Save as a file",
  saved: (path: string) => `Written to ${path}.`,
  print: "Print",
  close: "Close",
};
