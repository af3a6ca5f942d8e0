
const answer = location.hash.slice(1);
// Out of the address bar and the history before anything else.
history.replaceState(null, "", location.pathname);
const show = (id) => {
  for (const part of document.querySelectorAll("main > div")) part.hidden = part.id !== id;
};
if (answer === "") {
  show("nothing");
} else {
  show("waiting");
  fetch(location.pathname, { method: "POST", headers: { "Content-Type": "{FRAGMENT}" }, body: answer })
    .then((taken) => show(taken.ok ? "taken" : "lost"))
    .catch(() => show("lost"));
}
