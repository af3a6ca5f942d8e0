//! Why no answer came: from the error of the HTTP library to the fault that names it.

use std::error::Error;
use std::io;
use std::iter;

use latchkey_core::Fault;
use latchkey_core::text::shown;
use url::Url;

use super::names::{LeadsInside, NameNotFound};
use super::trust::Trust;

/// The fault behind an error. `seconds` is the time limit of a whole request.
pub(super) fn fault(url: &Url, error: &reqwest::Error, trust: &Trust, seconds: u32) -> Fault {
    if let Some(refused) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        if let rustls::Error::InvalidCertificate(why) = refused {
            return trust.fault(&host(url), why);
        }
        return failed(url, &refused.to_string());
    }
    if causes(error).any(|cause| cause.is::<NameNotFound>()) {
        return Fault::HostNotFound { host: host(url) };
    }
    if let Some(LeadsInside(ip)) = causes(error).find_map(|cause| cause.downcast_ref()) {
        return Fault::NameLeadsInside {
            host: host(url),
            address: ip.to_string(),
        };
    }
    if causes(error).any(is_refused) {
        return Fault::ConnectionRefused {
            host: host(url),
            port: url.port_or_known_default().unwrap_or_default(),
        };
    }
    if error.is_timeout() {
        return Fault::NoAnswerInTime {
            host: host(url),
            seconds,
        };
    }
    // The innermost cause says it best, and unlike the outermost quotes no address.
    let detail = causes(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    failed(url, &detail)
}

/// The connection failed in a way that has no name of its own.
pub(super) fn failed(url: &Url, detail: &str) -> Fault {
    Fault::ConnectionFailed {
        host: host(url),
        detail: shown(detail, 200),
    }
}

/// The address without what may be secret in it.
pub(super) fn address(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn is_refused(cause: &(dyn Error + 'static)) -> bool {
    cause
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&cause| next(cause))
}

fn next<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // An io::Error that wraps another error leaves that one out of `source`.
    match cause
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(wrapped) => Some(wrapped),
        None => cause.source(),
    }
}
