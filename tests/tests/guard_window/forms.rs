//! Answers by form: the SAML HTTP-POST binding and form_post, in all the ways that pages send a form.

use crate::shape::{
    Expect::{Elsewhere, Form, FormWith, NotCaptured},
    Shape, shape,
};

pub(crate) const FORMS: &[Shape] = &[
    shape(
        "inline_submit",
        Form,
        r#"<form method="post" action="{G}">{fields}</form><script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "onload_submit",
        Form,
        r#"<body onload="document.forms[0].submit()"><form method="post" action="{G}">{fields}</form>"#,
    ),
    shape(
        "early_submit",
        Form,
        r#"<form method="post" action="{G}">{fields}<script>document.forms[0].submit()</script>
           <img src="/slow"><p>the rest of the page"#,
    ),
    shape(
        "button_click",
        Form,
        r#"<form method="post" action="{G}">{fields}<button>on</button></form>
           <script>document.querySelector('button').click()</script>"#,
    ),
    shape(
        "request_submit",
        Form,
        r#"<form method="post" action="{G}">{fields}</form><script>document.forms[0].requestSubmit()</script>"#,
    ),
    shape(
        "mouse_click",
        Form,
        r#"<form method="post" action="{G}">{fields}<button style="position:fixed;inset:0">on</button></form>
           <script>{ready}</script>"#,
    )
    .clicked(),
    shape(
        "named_button",
        FormWith("consent", "yes"),
        r#"<form method="post" action="{G}">{fields}<button name="consent" value="yes">on</button></form>
           <script>document.querySelector('button').click()</script>"#,
    ),
    shape(
        "content_policy",
        Form,
        r#"<form method="post" action="{G}">{fields}</form><script nonce="n">document.forms[0].submit()</script>"#,
    )
    .header("Content-Security-Policy", "script-src 'nonce-n'"),
    shape(
        "strict_content_policy",
        Form,
        r#"<form method="post" action="{G}">{fields}</form><script nonce="n">document.forms[0].submit()</script>"#,
    )
    .header("Content-Security-Policy", "default-src 'none'; script-src 'nonce-n'; form-action https://{H}"),
    shape("frame", Form, r#"<iframe src="/inline_submit"></iframe>"#),
    shape("frame_of_other_origin", Form, r#"<iframe src="{OTHER}/inline_submit"></iframe>"#),
    shape("sandboxed_frame", Form, r#"<iframe sandbox="allow-forms allow-scripts" src="/inline_submit"></iframe>"#),
    shape(
        "frame_by_srcdoc",
        FormWith("flat", "1"),
        // What the frame calls stands before it: its script may run before the page is read to the end.
        r#"<template>{fields}</template>
           <script>
             function fill(form) { form.prepend(document.querySelector('template').content); form.submit(); }
           </script>
           <iframe srcdoc="<form method=post action={G}><input name=flat value=1></form><script>parent.fill(document.forms[0])</script>"></iframe>"#,
    ),
    shape(
        "empty_frame",
        Form,
        r#"<template><form method="post" action="{G}">{fields}</form></template><iframe></iframe>
           <script>
             const inner = document.querySelector('iframe').contentDocument;
             inner.body.append(document.querySelector('template').content);
             inner.forms[0].submit();
           </script>"#,
    ),
    shape(
        "into_frame",
        Form,
        r#"<iframe name="into"></iframe><form method="post" target="into" action="{G}">{fields}</form>
           <script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "into_new_window",
        Form,
        r#"<form method="post" target="_blank" action="{G}">{fields}</form>
           <script>document.forms[0].submit()</script>"#,
    ),
    shape("in_pop_up", Form, "<script>open('/inline_submit')</script>"),
    shape(
        "field_called_submit",
        Form,
        r#"<form method="post" action="{G}">{fields}<input type="button" name="submit"></form>
           <script>HTMLFormElement.prototype.submit.call(document.forms[0])</script>"#,
    ),
    shape(
        "fields_called_action_and_method",
        FormWith("action", "login"),
        r#"<form method="post" action="{G}">{fields}<input name="action" value="login"><input type="button" name="method"></form>
           <script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "multipart",
        Form,
        r#"<form method="post" enctype="multipart/form-data" action="{G}">{fields}</form>
           <script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "form_action_of_button",
        Form,
        r#"<form method="get" action="/elsewhere">{fields}<button formaction="{G}" formmethod="post">on</button></form>
           <script>document.querySelector('button').click()</script>"#,
    ),
    shape(
        "action_with_query",
        Form,
        r#"<form method="post" action="{G}?tenant=1">{fields}</form><script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "action_with_fragment",
        Form,
        r##"<form method="post" action="{G}#top">{fields}</form><script>document.forms[0].submit()</script>"##,
    ),
    shape(
        "action_by_base",
        Form,
        r#"<base href="https://{H}/__/"><form method="post" action="auth/handler">{fields}</form>
           <script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "written",
        Form,
        r#"<template>{fields}</template><script>
             const inputs = document.querySelector('template').innerHTML;
             document.write(`<form method="post" action="{G}">${inputs}</form>`);
             document.forms[0].submit();
           </script>"#,
    ),
    shape(
        "written_over_the_page",
        Form,
        r#"<template>{fields}</template><script>
             onload = () => {
               const inputs = document.querySelector('template').innerHTML;
               document.open();
               document.write(`<form method="post" action="{G}">${inputs}</form>`);
               document.close();
               document.forms[0].submit();
             };
           </script>"#,
    ),
    shape(
        "built_by_script",
        Form,
        r#"<body><template>{fields}</template><script>
             const form = document.createElement('form');
             form.method = 'post';
             form.action = '{G}';
             form.append(document.querySelector('template').content);
             document.body.append(form);
             form.submit();
           </script>"#,
    ),
    shape(
        "field_added_at_the_last_moment",
        FormWith("late", "1"),
        r#"<form method="post" action="{G}">{fields}</form><script>
             document.forms[0].addEventListener('formdata', (event) => event.formData.append('late', '1'));
             document.forms[0].submit();
           </script>"#,
    ),
    shape(
        "read_by_the_page_first",
        Form,
        r#"<form method="post" action="{G}">{fields}</form><form action="/search"><input name="q"></form><script>
             document.forms[0].onsubmit = () => { new FormData(document.forms[1]); };
             document.forms[0].requestSubmit();
           </script>"#,
    ),
    shape(
        "hostile_prototypes",
        Form,
        r#"<form method="post" action="{G}">{fields}<button>on</button></form><script>
             HTMLFormElement.prototype.submit = () => {};
             HTMLFormElement.prototype.requestSubmit = () => {};
             EventTarget.prototype.addEventListener = () => {};
             FormData.prototype.entries = FormData.prototype[Symbol.iterator] = function* () {};
             JSON.stringify = () => '{}';
             Array.from = () => [];
             queueMicrotask = () => {};
             addEventListener = () => {};
             document.querySelector('button').click();
           </script>"#,
    ),
    shape(
        "listeners_stopped_by_the_page",
        Form,
        r#"<form method="post" action="{G}">{fields}</form><script>
             for (const name of ['submit', 'formdata'])
               window.addEventListener(name, (event) => event.stopImmediatePropagation(), true);
             document.forms[0].requestSubmit();
           </script>"#,
    ),
    shape(
        "after_a_sign_in_form",
        Form,
        r#"<form method="post" action="/inline_submit"><input name="password" value="x"></form>
           <script>document.forms[0].submit()</script>"#,
    ),
    shape("relay_307", Form, "307 {G}"),
    shape("relay_308", Form, "308 {G}"),
    shape(
        "redirected_307",
        Form,
        r#"<form method="post" action="/relay_307">{fields}</form><script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "redirected_308",
        Form,
        r#"<form method="post" action="/relay_308">{fields}</form><script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "to_another_path",
        Elsewhere("/other"),
        r#"<form method="post" action="https://{H}/other">{fields}</form><script>document.forms[0].submit()</script>"#,
    ),
    shape(
        "closed_shadow_root",
        NotCaptured,
        r#"<template><form method="post" action="{G}">{fields}</form></template><div></div><script>
             const root = document.querySelector('div').attachShadow({ mode: 'closed' });
             root.append(document.querySelector('template').content);
             root.querySelector('form').submit();
           </script>"#,
    ),
    shape(
        "frame_without_scripts",
        NotCaptured,
        r#"<iframe sandbox="allow-forms" src="/page_without_scripts" onload="{ready}" style="position:fixed;inset:0;width:100%;height:100%"></iframe>"#,
    )
    .clicked(),
    shape(
        "page_without_scripts",
        NotCaptured,
        r#"<form method="post" action="{G}">{fields}<button style="position:fixed;inset:0">on</button></form>
           <img src="/ready" alt="">"#,
    )
    .header("Content-Security-Policy", "sandbox allow-forms")
    .clicked(),
];
