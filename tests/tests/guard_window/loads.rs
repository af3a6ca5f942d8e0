//! Loads that are no navigations: none is an answer, and none may leave.

use crate::shape::{Expect::Nothing, Shape, shape};

const ENGINE_HAS_NONE: &str = "WebKitGTK does not have it";
const NO_CONNECTION: &str = "it asks for the name and makes no connection";

pub(crate) const LOADS: &[Shape] = &[
    shape("image", Nothing, r#"<img src="{G}?i"><script>{settled}</script>"#),
    shape("image_redirected", Nothing, r#"<img src="/redirect_302"><script>{settled}</script>"#),
    shape("image_with_final_dot", Nothing, r#"<img src="HTTPS://{H}./i"><script>{settled}</script>"#)
    .silent("a hosts file knows no name with a final dot"),
    shape("image_with_user", Nothing, r#"<img src="https://u:p@{H}/i"><script>{settled}</script>"#),
    shape("image_without_tls", Nothing, r#"<img src="http://{H}/i"><script>{settled}</script>"#),
    shape("image_at_other_port", Nothing, r#"<img src="https://{H}:8443/i"><script>{settled}</script>"#),
    shape("image_of_style", Nothing, "<style>body { background: url('{G}') }</style><script>{settled}</script>"),
    shape("style_imported", Nothing, "<style>@import url('{G}')</style><script>{settled}</script>"),
    shape("style_linked", Nothing, r#"<link rel="stylesheet" href="{G}"><script>{settled}</script>"#),
    shape(
        "font",
        Nothing,
        "<style>@font-face { font-family: f; src: url('{G}') } p { font-family: f }</style><p>x<script>{settled}</script>",
    ),
    shape("script", Nothing, r#"<script>{settled}</script><script src="{G}"></script>"#),
    shape("module", Nothing, "<script>import('{G}').catch(() => {}); {settled}</script>"),
    shape("media", Nothing, r#"<video src="{G}" autoplay></video><script>{settled}</script>"#),
    shape("fetch", Nothing, "<script>fetch('{G}', { mode: 'no-cors' }).catch(() => {}); {settled}</script>"),
    shape("fetch_asking_first", Nothing, "<script>fetch('{G}', { method: 'PUT' }).catch(() => {}); {settled}</script>"),
    shape(
        "fetch_of_body_redirected",
        Nothing,
        "<script>fetch('/relay_307', { method: 'POST', body: 'x', mode: 'no-cors' }).catch(() => {}); {settled}</script>",
    ),
    shape("fetch_kept_alive", Nothing, "<script>fetch('{G}', { keepalive: true, mode: 'no-cors' }).catch(() => {}); {settled}</script>"),
    shape(
        "fetch_when_leaving",
        Nothing,
        "<script>onpagehide = () => fetch('{G}', { keepalive: true, mode: 'no-cors' });
         onload = () => { location = '/quiet' }</script>",
    ),
    shape(
        "request_by_old_means",
        Nothing,
        "<script>const r = new XMLHttpRequest(); r.open('POST', '{G}'); r.send('x'); {settled}</script>",
    ),
    shape("beacon", Nothing, "<script>navigator.sendBeacon('{G}', 'x'); {settled}</script>"),
    shape("beacon_redirected", Nothing, "<script>navigator.sendBeacon('/relay_307', 'x'); {settled}</script>"),
    shape(
        "ping_of_link",
        Nothing,
        r##"<a href="#on" ping="{G}">on</a><script>document.querySelector('a').click(); {settled}</script>"##,
    ),
    shape("event_source", Nothing, "<script>new EventSource('{G}'); {settled}</script>"),
    shape("web_socket", Nothing, "<script>new WebSocket('wss://{H}/'); {settled}</script>"),
    shape("web_socket_without_tls", Nothing, "<script>new WebSocket('ws://{H}/'); {settled}</script>"),
    shape(
        "worker",
        Nothing,
        "<script>new Worker(URL.createObjectURL(new Blob([`fetch('{G}', { mode: 'no-cors' })`]))); {settled}</script>",
    ),
    shape(
        "worker_socket",
        Nothing,
        "<script>new Worker(URL.createObjectURL(new Blob([`new WebSocket('wss://{H}/')`]))); {settled}</script>",
    ),
    shape(
        "shared_worker",
        Nothing,
        "<script>new SharedWorker('/shared_worker.js'); {settled}</script>",
    ),
    shape(
        "service_worker",
        Nothing,
        "<script>navigator.serviceWorker.register('/service_worker.js').then(() => { {settled} })</script>",
    )
    // Only an origin that is trusted has service workers.
    .at("localhost"),
    shape("shared_worker.js", Nothing, "script: fetch('{G}', { mode: 'no-cors' }).catch(() => {});"),
    shape(
        "service_worker.js",
        Nothing,
        "script: addEventListener('install', (event) =>
           event.waitUntil(fetch('{G}', { mode: 'no-cors' }).catch(() => {})));",
    ),
    shape("preload", Nothing, r#"<link rel="preload" as="script" href="{G}"><script>{settled}</script>"#),
    shape("module_preload", Nothing, r#"<link rel="modulepreload" href="{G}"><script>{settled}</script>"#),
    shape("preconnect", Nothing, r#"<link rel="preconnect" href="{G}"><script>{settled}</script>"#),
    shape("link_headers", Nothing, "<script>{settled}</script>")
        .header("Link", "<{G}>; rel=preconnect, <{G}>; rel=preload; as=script"),
    shape("prefetch", Nothing, r#"<link rel="prefetch" href="{G}"><script>{settled}</script>"#).silent(ENGINE_HAS_NONE),
    shape("name_asked_ahead", Nothing, r#"<link rel="dns-prefetch" href="{G}"><script>{settled}</script>"#)
        .silent(NO_CONNECTION),
    shape("policy_report", Nothing, r#"<img src="/x"><script>{settled}</script>"#)
        .header("Content-Security-Policy", "img-src 'none'; report-uri {G}"),
    shape("icon", Nothing, r#"<link rel="icon" href="{G}"><script>{settled}</script>"#).silent(ENGINE_HAS_NONE),
    shape("manifest", Nothing, r#"<link rel="manifest" href="{G}"><script>{settled}</script>"#).silent(ENGINE_HAS_NONE),
    shape("quiet", Nothing, "<script>{settled}</script>").silent("it is where another shape goes to"),
];
