//! What a provider's answer, or a hostile page, can look like: the form of the tables.

use latchkey_tests::site::Page;

/// One way in which a page may try to reach the Login Redirect URL's host.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// The body of the page at `/{name}`. See [`fill`] for what stands in braces.
    pub(crate) page: &'static str,
    pub(crate) header: Option<(&'static str, &'static str)>,
    /// Under which host it is opened.
    pub(crate) host: &'static str,
    pub(crate) person: Person,
    pub(crate) expect: Expect,
    pub(crate) control: Control,
}

/// What a person does once the page asks for `/ready`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    Looks,
    /// The real pointer, in the middle of the window.
    Clicks,
}

/// How the guarded window ends.
#[derive(Clone, Copy)]
pub(crate) enum Expect {
    /// With this after the Login Redirect URL.
    Address(&'static str),
    /// With the two fields of [`fill`]'s `{fields}`.
    Form,
    /// With the two fields and this one.
    FormWith(&'static str, &'static str),
    NotCaptured,
    /// With an answer that went to this path of the guarded host.
    Elsewhere(&'static str),
    /// Not by itself: the page goes on to ask for `/settled`.
    Nothing,
}

/// What the same page does in a window without the guard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    Rings,
    /// This engine makes no connection for it, so that its silence proves nothing.
    Silent(&'static str),
}

/// A page that must end as `expect` says.
pub(crate) const fn shape(name: &'static str, expect: Expect, page: &'static str) -> Shape {
    Shape {
        name,
        page,
        header: None,
        host: crate::PROVIDER,
        person: Person::Looks,
        expect,
        control: Control::Rings,
    }
}

impl Shape {
    pub(crate) const fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.header = Some((name, value));
        self
    }

    pub(crate) const fn clicked(mut self) -> Self {
        self.person = Person::Clicks;
        self
    }

    pub(crate) const fn at(mut self, host: &'static str) -> Self {
        self.host = host;
        self
    }

    pub(crate) const fn silent(mut self, why: &'static str) -> Self {
        self.control = Control::Silent(why);
        self
    }

    pub(crate) fn answer(&self, host: &str, port: u16) -> Page {
        let page = match self.page.split_once(' ') {
            Some(("302" | "303" | "307" | "308", to)) => {
                let status = self.page[..3].parse().expect("the pattern is three digits");
                Page::redirect(status, &fill(to, host, port))
            }
            Some(("script:", script)) => Page::script(fill(script, host, port)),
            _ => Page::html(fill(self.page, host, port)),
        };
        match self.header {
            Some((name, value)) => page.with(name, &fill(value, host, port)),
            None => page,
        }
    }
}

/// About as long as the longest SAMLResponse seen, in characters.
const LARGE: usize = 200_000;

/// `{G}` is the Login Redirect URL, `{H}` its host, the guarded one or the control's, `{OTHER}` the provider's other origin, `{fields}` an
/// answer's two fields, `{ready}` and `{settled}` scripts that tell the site.
pub(crate) fn fill(text: &str, host: &str, port: u16) -> String {
    let fields = format!(
        r#"<input type="hidden" name="SAMLResponse" value="{}"><input type="hidden" name="RelayState" value="{}">"#,
        response(),
        RELAY_STATE
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('\n', "&#10;"),
    );
    text.replace("{fields}", &fields)
        .replace("{ready}", "fetch('/ready', { mode: 'no-cors' });")
        // Long enough for any of these loads to have begun: the control shows that one begins at once.
        .replace(
            "{settled}",
            "setTimeout(() => fetch('/settled', { mode: 'no-cors' }), 400);",
        )
        .replace("{OTHER}", &format!("http://{}:{port}", crate::OTHER))
        .replace("{G}", "https://{H}/__/auth/handler")
        .replace("{H}", host)
}

/// With what has a meaning in HTML, in a form body, in a line.
pub(crate) const RELAY_STATE: &str = "a b&c=d+\"\u{e9}\u{4e16}\"\nend";

/// Looks like base64 and repeats nowhere soon.
pub(crate) fn response() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state: u32 = 7;
    (0..LARGE)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(LETTERS[(state >> 26) as usize])
        })
        .collect()
}
