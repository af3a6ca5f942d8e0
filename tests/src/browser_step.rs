//! One request of the scripted browser, and what a redirect makes of it.

use reqwest::header::LOCATION;
use reqwest::{Method, StatusCode};
use url::{Host, Url, form_urlencoded};

use crate::browser::{BrowserError, Landing};
use crate::browser_page::Form;

/// One request that the browser is about to make.
pub(crate) struct Step {
    pub(crate) address: Url,
    pub(crate) posted: Option<Posted>,
}

pub(crate) struct Posted {
    fields: Vec<(String, String)>,
    pub(crate) origin: String,
}

impl Step {
    pub(crate) fn open(address: Url) -> Self {
        Self {
            address,
            posted: None,
        }
    }

    pub(crate) fn submit(form: &Form) -> Self {
        let mut address = form.action.clone();
        let fields = form.pairs();
        if form.method == Method::GET {
            // A GET form replaces the query of its action (HTML, "mutate action URL").
            address.set_query(Some(&encode(&fields)));
            return Self::open(address);
        }
        let origin = form.page.origin().ascii_serialization();
        Self {
            address,
            posted: Some(Posted { fields, origin }),
        }
    }

    /// The query and the fragment are of no matter.
    pub(crate) fn leads_to(&self, place: &Url) -> bool {
        self.address.origin() == place.origin() && self.address.path() == place.path()
    }

    pub(crate) fn stays_on_this_machine(&self) -> bool {
        match self.address.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    pub(crate) fn method(&self) -> Method {
        match self.posted {
            Some(_) => Method::POST,
            None => Method::GET,
        }
    }

    /// RFC 9110, section 15.4: 307 and 308 repeat the request, the others turn a POST into a GET.
    pub(crate) fn redirected(self, response: &reqwest::Response) -> Result<Self, BrowserError> {
        let status = response.status();
        let location = response.headers().get(LOCATION);
        let target = location
            .and_then(|value| value.to_str().ok())
            .and_then(|value| self.address.join(value).ok());
        let Some(address) = target else {
            return Err(BrowserError::BadRedirect {
                address: self.address,
                status: status.as_u16(),
            });
        };
        let repeats = matches!(
            status,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
        );
        let posted = self.posted.filter(|_| repeats);
        Ok(Self { address, posted })
    }
}

impl Posted {
    pub(crate) fn encoded(&self) -> String {
        encode(&self.fields)
    }
}

impl From<Step> for Landing {
    fn from(step: Step) -> Self {
        match step.posted {
            None => Landing::Address(step.address),
            Some(Posted { fields, origin }) => Landing::Form {
                action: step.address,
                fields,
                origin,
            },
        }
    }
}

impl From<Landing> for Step {
    fn from(landing: Landing) -> Self {
        match landing {
            Landing::Address(address) => Step::open(address),
            Landing::Form {
                action,
                fields,
                origin,
            } => Self {
                address: action,
                posted: Some(Posted { fields, origin }),
            },
        }
    }
}

fn encode(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
