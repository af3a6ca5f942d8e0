// Runs in a world of its own in every frame: the page can neither see, change nor call it.
// Reports each form as it is submitted; which one was the answer is decided by the navigation that follows.
(() => {
  'use strict';
  const report = (message) => window.webkit.messageHandlers.latchkey.postMessage(JSON.stringify(message));

  // A field called "action" or "method" hides the form's own property of that name; its getter stays.
  const actionOf = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, 'action').get;
  const submitters = new WeakMap();

  const destination = (form) => {
    const submitter = submitters.get(form);
    submitters.delete(form);
    return submitter?.hasAttribute('formaction') ? submitter.formAction : actionOf.call(form);
  };

  const entries = (data) =>
    Array.from(data, ([name, value]) => [name, typeof value === 'string' ? value : '']);

  addEventListener('submit', (event) => {
    if (event.isTrusted) submitters.set(event.target, event.submitter);
  }, true);

  // Fires for a click, requestSubmit() and submit() alike.
  addEventListener('formdata', (event) => {
    if (!event.isTrusted) return;
    const action = destination(event.target);
    const first = entries(event.formData);
    report({ action, fields: first });
    // Listeners of the page may still add to it; the navigation itself comes later.
    queueMicrotask(() => {
      const last = entries(event.formData);
      if (JSON.stringify(last) !== JSON.stringify(first)) report({ action, fields: last });
    });
  }, true);
})();
