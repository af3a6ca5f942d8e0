import { configure } from "@testing-library/dom";

// The message alone: the whole page behind it hides what failed.
configure({ getElementError: (message) => new Error(message ?? "Nothing was found.") });

// jsdom knows <dialog> by name only.
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};
Element.prototype.scrollIntoView ??= () => {};
