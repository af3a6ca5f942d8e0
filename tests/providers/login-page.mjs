// The sign-in page of the provider: plain HTML, no script, usable by keyboard alone.
//
// Focus starts in the first empty field, Tab goes e-mail, password, Sign in, Cancel; Enter in a field signs in.
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]);

export function loginPage({ client, email = '', signedInAs, problem, kept = {} }) {
  const hidden = Object.entries(kept)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">\n`);
  const focus = (wanted) => (wanted ? ' autofocus' : '');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to ${escape(client)}</title>
<style>
  body { font: 16px/1.5 sans-serif; max-width: 22rem; margin: 3rem auto; padding: 0 1rem }
  label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
  input, button { margin: 0 0 1rem; padding: .4rem }
</style>
</head>
<body>
<main>
<h1>Sign in to ${escape(client)}</h1>
${signedInAs ? `<p id="signed-in-as">Signed in as ${escape(signedInAs)}. Sign in again to continue.</p>` : ''}
${problem ? `<p id="problem" role="alert">${escape(problem)}</p>` : ''}
<form method="post">
${hidden.join('')}<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" value="${escape(email)}"${focus(!email)} required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"${focus(email)} required>
<button id="sign-in" type="submit">Sign in</button>
<button id="cancel" type="submit" name="cancel" value="yes" formnovalidate>Cancel</button>
</form>
</main>
</body>
</html>`;
}
