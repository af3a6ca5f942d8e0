/** The wording around the list that goes to whoever runs the provider. */
export const checklist = {
  open: "Send this list to the provider's administrator",
  back: "What comes back can be pasted whole into Paste anything: each value goes to its field.",
  copy: "Copy as text",
  copied: "The list is copied.",
  save: "Save as a file",
  saved: (path: string) => `Written to ${path}.`,
  print: "Print",
  close: "Close",
};
