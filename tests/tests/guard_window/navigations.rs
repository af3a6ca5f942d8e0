//! Answers by address: code flow, implicit flow, errors.

use crate::shape::{
    Expect::{Address, Elsewhere, Nothing},
    Shape, shape,
};

const CODE: &str = "?code=SplxlOBeZQQYbYS6WxSbIA&state=x";

pub(crate) const NAVIGATIONS: &[Shape] = &[
    shape("redirect_302", Address(CODE), "302 {G}?code=SplxlOBeZQQYbYS6WxSbIA&state=x"),
    shape("redirect_303", Address(CODE), "303 {G}?code=SplxlOBeZQQYbYS6WxSbIA&state=x"),
    shape("redirect_307", Address(CODE), "307 {G}?code=SplxlOBeZQQYbYS6WxSbIA&state=x"),
    shape("redirect_308", Address(CODE), "308 {G}?code=SplxlOBeZQQYbYS6WxSbIA&state=x"),
    shape("redirect_after_redirect", Address(CODE), "302 /redirect_303"),
    shape("redirect_with_fragment", Address("#id_token=a.b.c&state=x"), "302 {G}#id_token=a.b.c&state=x"),
    shape("redirect_with_error", Address("?error=access_denied"), "302 {G}?error=access_denied"),
    shape(
        "redirect_after_sign_in_form",
        Address(CODE),
        r#"<form method="post" action="/redirect_303"><input name="password" value="x"></form>
           <script>document.forms[0].submit()</script>"#,
    ),
    shape("refresh_header", Address(CODE), "<p>on").header("Refresh", "0; url={G}?code=SplxlOBeZQQYbYS6WxSbIA&state=x"),
    shape("meta_refresh", Address("?code=1"), r#"<meta http-equiv="refresh" content="0; url={G}?code=1">"#),
    shape("location_href", Address("?code=1"), "<script>location = '{G}?code=1'</script>"),
    shape("location_replace", Address("#id_token=1"), "<script>location.replace('{G}#id_token=1')</script>"),
    shape(
        "link_click",
        Address("?code=1"),
        r#"<a id="on" href="{G}?code=1">on</a><script>document.querySelector('#on').click()</script>"#,
    ),
    shape(
        "form_by_get",
        Address("?code=1"),
        r#"<form action="{G}"><input name="code" value="1"></form><script>document.forms[0].submit()</script>"#,
    ),
    shape("in_frame", Address("?code=1"), r#"<iframe src="{G}?code=1"></iframe>"#),
    shape("in_frame_redirected", Address(CODE), r#"<iframe src="/redirect_302"></iframe>"#),
    shape("in_sandboxed_frame", Address(CODE), r#"<iframe sandbox src="/redirect_302"></iframe>"#),
    shape("in_frame_of_other_origin", Address(CODE), r#"<iframe src="{OTHER}/redirect_302"></iframe>"#),
    shape(
        "frame_moves_the_top",
        Address("?code=1"),
        r#"<iframe srcdoc="<script>top.location = '{G}?code=1'</script>"></iframe>"#,
    ),
    shape("in_object", Address("?code=1"), r#"<object data="{G}?code=1" type="text/html"></object>"#),
    shape("pop_up", Address("?code=1"), "<script>open('{G}?code=1')</script>"),
    shape("pop_up_redirected", Address(CODE), "<script>open('/redirect_302')</script>"),
    shape("pop_up_without_opener", Address(CODE), "<script>open('/redirect_302', '', 'noopener')</script>"),
    shape(
        "pop_up_moved_by_opener",
        Address("?code=1"),
        "<script>const w = open('about:blank'); w.location = '{G}?code=1'</script>",
    ),
    shape(
        "new_window_by_click",
        Address("?code=1"),
        r#"<a href="{G}?code=1" target="_blank" style="position:fixed;inset:0">on</a><script>{ready}</script>"#,
    )
    .clicked(),
    shape("other_path", Elsewhere("/other"), "302 https://{H}/other?code=1"),
    shape("other_scheme", Elsewhere("/__/auth/handler"), "302 http://{H}/__/auth/handler?code=1"),
    shape("other_port", Elsewhere("/__/auth/handler"), "302 https://{H}:8443/__/auth/handler#id_token=1"),
    shape("no_answer", Nothing, "<script>location = 'https://{H}/help'; {settled}</script>"),
];
