//! The page of the provider on which a sign-in stands.

use super::seen::Seen;
use super::{Known, cause};
use crate::fault::Fault;
use crate::finding::{Finding, Severity};
use crate::text::shown;

/// The longest title that is repeated, in characters.
const LONGEST_TITLE: usize = 120;

/// A page, as far as it can be seen. All of it is the page's own word.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The host, with a port where it is not the scheme's own.
    pub host: &'a str,
    /// The title.
    pub title: &'a str,
    /// What can be read on it.
    pub text: &'a str,
    /// The HTTP status that it came with, where that is known.
    pub status: Option<u16>,
    /// Whether it offers nothing to go on with: no field, no button, no link.
    pub ends: bool,
}

/// What a page says about why the sign-in does not go on; nothing for an ordinary one.
pub fn of_page(page: &Page<'_>, known: &Known<'_>) -> Vec<Finding> {
    let whole = format!("{}\n{}", page.title, page.text);
    let seen = Seen::read(super::bounded(&whole));
    let mut findings = cause::findings(&seen, known);
    // A page that is there cannot prove what is only possible, and where it lets the person go on, what
    // it asks of them or has them do again is no failure.
    findings.retain(|finding| {
        let is_theirs = matches!(
            finding.fault,
            Fault::SecondFactorNeeded { .. }
                | Fault::CredentialsRefused { .. }
                | Fault::AccountUnknown { .. }
        );
        finding.severity != Severity::Note && (page.ends || !is_theirs)
    });
    if findings.is_empty() {
        findings.extend(by_status(page).map(Finding::error));
    }
    findings
}

/// What a page shows on which a sign-in has come to its end although nothing on it was recognised.
pub fn of_dead_end(page: &Page<'_>) -> Option<Finding> {
    let host = page.host.to_owned();
    let fault = match (page.ends, page.text.trim()) {
        (false, _) => return None,
        (true, "") => Fault::ProviderPageBlank { host },
        (true, _) => Fault::ProviderPageEnds {
            host,
            title: titled(page),
        },
    };
    Some(Finding::error(fault))
}

/// A page with fields to fill in is the provider's own matter: a refused password comes with 401.
fn by_status(page: &Page<'_>) -> Option<Fault> {
    let status = page.status?;
    let failed = status >= 500 || matches!(status, 404 | 410) || (status >= 400 && page.ends);
    failed.then(|| Fault::ProviderPageShowsError {
        host: page.host.to_owned(),
        status,
        title: titled(page),
    })
}

fn titled(page: &Page<'_>) -> String {
    match page.title.trim() {
        "" => "no title".to_owned(),
        title => format!("“{}”", shown(title, LONGEST_TITLE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn codes(title: &str, text: &str, status: Option<u16>, ends: bool) -> Vec<String> {
        let known = Known {
            set_up: None,
            catalogue: Catalogue::built_in(),
            now: "2026-11-22T18:00:00Z".parse().unwrap(),
        };
        let page = Page {
            host: "id.example",
            title,
            text,
            status,
            ends,
        };
        let mut found = of_page(&page, &known);
        if found.is_empty() {
            found.extend(of_dead_end(&page));
        }
        found.iter().map(|finding| finding.fault.code()).collect()
    }

    #[test]
    fn a_providers_error_page_is_recognised_by_its_text() {
        for (title, text, code) in [
            (
                "Sign in to your account",
                "Sorry, but we’re having trouble signing you in.\nAADSTS50105: Your administrator has configured the application to block users",
                "person_not_assigned",
            ),
            (
                "Acme - Error",
                "400 Bad Request\nThe 'redirect_uri' parameter must be a Login redirect URI in the client app settings",
                "redirect_not_registered",
            ),
            (
                "Callback URL mismatch.",
                "Oops!, something went wrong\nThe provided redirect_uri is not in the list of allowed callback URLs.",
                "redirect_not_registered",
            ),
            (
                "Error 400: redirect_uri_mismatch",
                "Access blocked: This app’s request is invalid",
                "redirect_not_registered",
            ),
            (
                "Sign in to acme",
                "We are sorry...\nInvalid parameter: redirect_uri",
                "redirect_not_registered",
            ),
            (
                "Error 403: app_not_configured_for_user",
                "Service is not configured for this user.",
                "person_not_assigned",
            ),
            (
                "oops! something went wrong",
                "error: invalid_redirect_uri\nerror_description: redirect_uri did not match any of the client's registered redirect_uris",
                "redirect_not_registered",
            ),
            (
                "This redirect URI is not registered",
                "This redirect URI is not registered for the application.",
                "redirect_not_registered",
            ),
            (
                "",
                "This address is not registered as Assertion Consumer Service of the application.",
                "redirect_not_registered",
            ),
        ] {
            assert_eq!(codes(title, text, Some(400), false)[0], code, "{text}");
        }
    }

    #[test]
    fn what_a_page_asks_of_the_person_is_a_failure_only_where_they_cannot_go_on() {
        let text = "More information required. Your organization needs more information to keep your account secure";
        assert_eq!(codes("Microsoft", text, Some(200), false), [""; 0]);
        assert_eq!(
            codes("Microsoft", text, Some(200), true),
            ["second_factor_needed"]
        );
    }

    #[test]
    fn an_ordinary_page_says_nothing() {
        for text in [
            "Set up security methods\nOkta Verify\nRequired now\nSet up",
            "Your account or password is incorrect. If you don't remember your password, reset it now.",
            "We couldn't find an account with that username. Try another, or get a new account.",
            "Duo Security\nTwo-factor authentication\nSend me a push",
            "Approve sign in request\nOpen your Authenticator app, and enter the number shown to sign in.",
            "Choose an account\nto continue to Torq\nUse another account",
            "Permissions requested\nTorq\nSign you in and read your profile\nAccept\nCancel",
            "Incorrect username or password. Try again",
            "Update password\nYou need to change your password to activate your account.",
            "Keep me signed in\nForgot password?\nUnlock account?\nHelp",
            "Verify it's you\nEnter your password\nShow password\nNext",
            "Check your e-mail\nWe sent a link that signs you in.",
            "Accept the terms of use to go on",
            "Sign in\nE-mail address\nPassword",
            "Enter code\nWe sent a code to your phone.",
            "Stay signed in?",
            "This e-mail address and password do not belong together.",
        ] {
            assert_eq!(codes("Sign in", text, Some(200), false), [""; 0], "{text}");
        }
        assert_eq!(
            codes("Sign in", "Wrong password", Some(401), false),
            [""; 0]
        );
    }

    #[test]
    fn what_is_not_recognised_is_told_by_its_status_or_its_end() {
        assert_eq!(
            codes("Sorry", "Try later", Some(503), false),
            ["provider_page_shows_error"]
        );
        assert_eq!(
            codes("Gone", "Nothing here", Some(404), false),
            ["provider_page_shows_error"]
        );
        assert_eq!(
            codes("No", "Refused", Some(403), true),
            ["provider_page_shows_error"]
        );
        assert_eq!(
            codes("Not what was due", "It has failed", Some(200), true),
            ["provider_page_ends"]
        );
        assert_eq!(codes("", " \n", Some(200), true), ["provider_page_blank"]);
    }

    #[test]
    fn a_title_is_cut_and_cleaned() {
        let title = format!("a\u{202E}{}", "b".repeat(500));
        let page = Page {
            host: "h",
            title: &title,
            text: "x",
            status: None,
            ends: true,
        };
        let what = of_dead_end(&page).unwrap().told().what;
        assert!(!what.contains('\u{202E}') && what.len() < 300, "{what}");
    }
}
