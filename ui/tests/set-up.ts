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

// jsdom reads a file only in the old way.
Blob.prototype.arrayBuffer ??= function (this: Blob) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as ArrayBuffer);
    reader.readAsArrayBuffer(this);
  });
};
