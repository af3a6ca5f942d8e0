use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::{Url, form_urlencoded};

use super::request::Error;
use crate::fault::Fault;
use crate::pages;

/// Where and how the application is answered.
pub(super) struct ReturnAddress {
    pub(super) redirect: Url,
    pub(super) mode: Mode,
    pub(super) state: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Query,
    Fragment,
    /// OAuth 2.0 Form Post Response Mode.
    FormPost,
}

pub(super) type Fields = Vec<(&'static str, String)>;

impl ReturnAddress {
    /// The browser's way back to the application with these fields and the state.
    pub(super) fn answer(&self, mut fields: Fields, fault: Option<Fault>) -> Response {
        let state = match fault {
            Some(Fault::StateMissing) => None,
            Some(Fault::StateWrong) => Some("the-state-of-another-request"),
            _ => self.state.as_deref(),
        };
        fields.extend(state.map(|state| ("state", state.to_owned())));

        let mut to = self.redirect.clone();
        match self.mode {
            Mode::FormPost => return pages::form_post(&to, &fields),
            Mode::Query => {
                to.query_pairs_mut().extend_pairs(&fields);
            }
            Mode::Fragment => {
                let mut encoded = form_urlencoded::Serializer::new(String::new());
                to.set_fragment(Some(&encoded.extend_pairs(&fields).finish()));
            }
        }
        see_other(&to)
    }

    pub(super) fn refuse(&self, error: &Error, fault: Option<Fault>) -> Response {
        let fields = vec![
            ("error", error.code.to_owned()),
            ("error_description", error.description.to_owned()),
        ];
        self.answer(fields, fault)
    }
}

/// Sends the browser on by GET, also after a form.
pub(super) fn see_other(to: &Url) -> Response {
    let location: [(HeaderName, &str); 1] = [(header::LOCATION, to.as_str())];
    (StatusCode::SEE_OTHER, location).into_response()
}
