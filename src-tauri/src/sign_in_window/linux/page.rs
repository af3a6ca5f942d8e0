//! One web view: asks the sitting before every navigation and tells it what happens.

use std::{rc::Rc, sync::Arc};

use gtk::{gio, glib, prelude::*};
use javascriptcore::ValueExt;
use url::Url;
use webkit2gtk::{
    FileChooserRequestExt, LoadEvent, NavigationPolicyDecision, NavigationPolicyDecisionExt,
    NetworkError, PermissionRequestExt, PolicyDecision, PolicyDecisionExt, PolicyDecisionType,
    PolicyError, ResponsePolicyDecision, ResponsePolicyDecisionExt, URIRequestExt, URIResponseExt,
    WebView, WebViewExt,
};

use super::{
    browser::{Inside, WORLD},
    strip::Strip,
};
use crate::sign_in_window::{
    Ended, LoadFailure, Progress, TlsProblem, refusal,
    sitting::{Navigation, Sitting, Way},
};

/// Failures of the first window end the sitting; a pop-up's are its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    First,
    PopUp,
}

pub(super) fn connect(
    inside: &Rc<Inside>,
    view: &WebView,
    window: &gtk::Window,
    strip: &Strip,
    role: Role,
) {
    decide(&inside.sitting, view, role);
    refuse(&inside.sitting, view);
    follow(&inside.sitting, view, window, strip, &inside.words.title);
    if role == Role::First {
        report_failures(&inside.sitting, view);
    }
    pop_ups(inside, view, window);
}

pub(super) fn show_address(view: &WebView, strip: &Strip) {
    if let Some(url) = address(view) {
        strip.show(&url);
    }
}

/// The guard's place: every navigation of every frame passes here before it is begun.
fn decide(sitting: &Arc<Sitting>, view: &WebView, role: Role) {
    let sitting = sitting.clone();
    view.connect_decide_policy(move |view, decision, kind| {
        let way = match kind {
            PolicyDecisionType::NavigationAction | PolicyDecisionType::NewWindowAction => {
                navigation(&sitting, decision)
            }
            PolicyDecisionType::Response if response(&sitting, decision, role) => Way::On,
            _ => Way::Stop,
        };
        match way {
            Way::On => decision.use_(),
            Way::Stop => decision.ignore(),
            Way::To(next) => {
                decision.ignore();
                // Not from inside the decision: the engine is still busy with this navigation.
                let view = view.clone();
                glib::idle_add_local_once(move || view.load_uri(next.as_str()));
            }
        }
        true
    });
}

fn navigation(sitting: &Sitting, decision: &PolicyDecision) -> Way {
    let Some(mut action) = decision
        .downcast_ref::<NavigationPolicyDecision>()
        .and_then(NavigationPolicyDecisionExt::navigation_action)
    else {
        return Way::Stop;
    };
    let redirected = action.is_redirect();
    let Some(request) = action.request() else {
        return Way::Stop;
    };
    let method = request.http_method();
    let address = request.uri().unwrap_or_default();
    sitting.way(&Navigation {
        address: &address,
        post: method.is_some_and(|method| method.eq_ignore_ascii_case("POST")),
        redirected,
    })
}

fn response(sitting: &Sitting, decision: &PolicyDecision, role: Role) -> bool {
    let Some(response) = decision.downcast_ref::<ResponsePolicyDecision>() else {
        return false;
    };
    if !response.is_mime_type_supported() {
        sitting.tell(Progress::DownloadRefused);
        return false;
    }
    if role == Role::First && response.is_main_frame_main_resource() {
        let url = response.request().and_then(|request| parsed(request.uri()));
        let status = response.response().map(|response| response.status_code());
        if let (Some(url), Some(status)) = (url, status.and_then(|code| code.try_into().ok())) {
            sitting.status(&url, status);
        }
    }
    true
}

/// What a sign-in page has no use for.
fn refuse(sitting: &Arc<Sitting>, view: &WebView) {
    let sitting = sitting.clone();
    view.connect_permission_request(move |_, request| {
        request.deny();
        sitting.tell(Progress::PermissionRefused);
        true
    });
    view.connect_run_file_chooser(|_, request| {
        request.cancel();
        true
    });
    view.connect_show_notification(|_, _| true);
    view.connect_print(|_, _| true);
    view.connect_enter_fullscreen(|_| true);
}

fn follow(
    sitting: &Arc<Sitting>,
    view: &WebView,
    window: &gtk::Window,
    strip: &Strip,
    title: &str,
) {
    let (sitting, strip, title) = (sitting.clone(), strip.clone(), title.to_owned());
    let window = window.downgrade();
    view.connect_load_changed(move |view, event| match event {
        LoadEvent::Started => sitting.tell(Progress::Loading(true)),
        LoadEvent::Finished => {
            sitting.tell(Progress::Loading(false));
            look_for_refusal(&sitting, view);
        }
        LoadEvent::Committed => {
            let Some(url) = address(view) else { return };
            strip.show(&url);
            sitting.at(&url);
            if let (Some(window), Some(host)) = (window.upgrade(), url.host_str()) {
                window.set_title(&format!("{host} \u{2013} {title}"));
            }
        }
        _ => {}
    });
}

/// Looks for a known refusal in the pages of the few hosts that are known to show one.
fn look_for_refusal(sitting: &Arc<Sitting>, view: &WebView) {
    let Some(host) = address(view).and_then(|url| url.host_str().map(str::to_owned)) else {
        return;
    };
    let markers: Vec<_> = refusal::markers(&host).collect();
    if markers.is_empty() {
        return;
    }
    let markers = serde_json::Value::from(markers);
    let script = format!("{markers}.find((m) => document.body?.textContent.includes(m)) ?? ''");
    let sitting = sitting.clone();
    view.evaluate_javascript(
        &script,
        Some(WORLD),
        None,
        gio::Cancellable::NONE,
        move |found| {
            if let Some(refusal) = found
                .ok()
                .and_then(|found| refusal::by_marker(&host, &found.to_str()))
            {
                sitting.refused(refusal);
            }
        },
    );
}

fn report_failures(sitting: &Arc<Sitting>, view: &WebView) {
    let told = sitting.clone();
    view.connect_load_failed(move |_, _, address, error| {
        if let (Some(why), Some(url)) = (failure(error), parsed(Some(address))) {
            told.failed(&url, why);
        }
        true
    });
    let told = sitting.clone();
    view.connect_load_failed_with_tls_errors(move |_, address, certificate, flags| {
        if let Some(url) = parsed(Some(address)) {
            let certificate_pem = certificate.certificate_pem().map(Into::into);
            told.failed(
                &url,
                LoadFailure::Tls {
                    problems: problems(flags),
                    certificate_pem,
                },
            );
        }
        true
    });
    let told = sitting.clone();
    view.connect_web_process_terminated(move |_, _| told.end(Ended::ProcessEnded));
}

fn pop_ups(inside: &Rc<Inside>, view: &WebView, window: &gtk::Window) {
    let weak = Rc::downgrade(inside);
    view.connect_create(move |opener, _| weak.upgrade()?.pop_up(opener).map(Cast::upcast));
    let window = window.downgrade();
    view.connect_ready_to_show(move |_| {
        if let Some(window) = window.upgrade() {
            window.show_all();
        }
    });
    let weak = Rc::downgrade(inside);
    view.connect_close(move |view| {
        let Some(inside) = weak.upgrade() else { return };
        // A page may close its own pop-up; the first window is the person's.
        if inside.is_pop_up(view) {
            inside.forget(view);
        }
    });
}

/// `None` for what is no failure: a navigation that we stopped, or that another one replaced.
fn failure(error: &glib::Error) -> Option<LoadFailure> {
    if error.kind::<PolicyError>().is_some() || error.matches(NetworkError::Cancelled) {
        return None;
    }
    if error.kind::<gio::ResolverError>().is_some() {
        return Some(LoadFailure::Dns);
    }
    Some(match error.kind::<gio::IOErrorEnum>() {
        Some(gio::IOErrorEnum::ConnectionRefused) => LoadFailure::Refused,
        Some(
            gio::IOErrorEnum::HostUnreachable
            | gio::IOErrorEnum::NetworkUnreachable
            | gio::IOErrorEnum::HostNotFound
            | gio::IOErrorEnum::TimedOut,
        ) => LoadFailure::Unreachable,
        _ => LoadFailure::Other,
    })
}

fn problems(flags: gio::TlsCertificateFlags) -> Vec<TlsProblem> {
    use gio::TlsCertificateFlags as Flags;
    [
        (Flags::UNKNOWN_CA, TlsProblem::UnknownAuthority),
        (Flags::BAD_IDENTITY, TlsProblem::OtherName),
        (Flags::NOT_ACTIVATED, TlsProblem::NotYetValid),
        (Flags::EXPIRED, TlsProblem::Expired),
        (Flags::REVOKED, TlsProblem::Revoked),
        (Flags::INSECURE, TlsProblem::Insecure),
        (Flags::GENERIC_ERROR, TlsProblem::Other),
    ]
    .into_iter()
    .filter(|(flag, _)| flags.contains(*flag))
    .map(|(_, problem)| problem)
    .collect()
}

fn address(view: &WebView) -> Option<Url> {
    parsed(view.uri())
}

fn parsed(address: Option<impl AsRef<str>>) -> Option<Url> {
    Url::parse(address?.as_ref()).ok()
}
