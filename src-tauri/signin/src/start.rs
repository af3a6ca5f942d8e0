//! How a person gets to the provider.

use std::fmt;

use latchkey_core::saml::request::Form;
use url::Url;

/// The first thing that the browser does. Holds what ties the answer to the sign-in, and is not
/// printed.
#[derive(Clone)]
pub enum Start {
    /// It opens this address.
    Address(Url),
    /// It posts this form (SAML 2.0 Bindings, section 3.5).
    Form(Form),
}

impl Start {
    /// The provider's address, which is opened or posted to.
    pub fn url(&self) -> &Url {
        match self {
            Self::Address(url) => url,
            Self::Form(form) => &form.action,
        }
    }
}

impl fmt::Debug for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url().host_str().unwrap_or_default();
        match self {
            Self::Address(_) => write!(f, "Start::Address(at {host})"),
            Self::Form(_) => write!(f, "Start::Form(to {host})"),
        }
    }
}

/// A page that posts the form at once.
pub fn sends_itself(form: &Form) -> String {
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n{}<script>{SEND}</script>\n",
        form_html(form)
    )
}

/// The form alone; without scripts the person presses its button.
pub(crate) fn form_html(form: &Form) -> String {
    let fields: String = form
        .fields
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">\n",
                escaped(name),
                escaped(value)
            )
        })
        .collect();
    format!(
        "<form method=\"post\" action=\"{}\">\n{fields}<button>Go on to the provider</button>\n</form>\n",
        escaped(form.action.as_str())
    )
}

/// What sends the form of [`form_html`].
pub(crate) const SEND: &str = "document.forms[0].submit()";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
