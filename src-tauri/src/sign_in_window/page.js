// Runs in a world of its own: tells what the page shows, so that a provider's error page is recognised.
// The values of fields are no part of a page's text.
(() => {
  const LONGEST = 20000;
  const PAUSE = 250;
  let last = "";
  let timer;
  const tell = () => {
    timer = undefined;
    const text = (document.body?.innerText ?? "").slice(0, LONGEST);
    const waysOn = "input:not([type=hidden]), select, textarea, button, a[href], iframe, [role=button]";
    const seen = JSON.stringify({
      address: location.href,
      title: document.title.slice(0, 300),
      text,
      ends: document.body !== null && document.body.querySelector(waysOn) === null,
    });
    if (seen === last) return;
    last = seen;
    window.webkit.messageHandlers.latchkeyPage.postMessage(seen);
  };
  const soon = () => (timer ??= setTimeout(tell, PAUSE));
  addEventListener("load", soon);
  new MutationObserver(soon).observe(document, { subtree: true, childList: true, characterData: true });
})();
