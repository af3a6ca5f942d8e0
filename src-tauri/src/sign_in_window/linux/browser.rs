//! The profile, the guards and the windows of one sitting.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use gtk::{glib, prelude::*};
use javascriptcore::ValueExt;
use latchkey_signin::start::{Start, sends_itself};
use tempfile::TempDir;
use webkit2gtk::{
    DownloadExt, Settings, SettingsExt, TLSErrorsPolicy, UserContentInjectedFrames,
    UserContentManager, UserContentManagerExt, UserScript, UserScriptInjectionTime, WebContext,
    WebContextExt, WebView, WebViewExt, WebsiteDataManagerExt,
};

use super::{
    page::{self, Role},
    strip::Strip,
    unbound,
};
use crate::sign_in_window::{Ended, OpenError, Progress, Spec, Words, sitting::Sitting};

/// The script world that no page can enter, and the one message it may send.
pub(super) const WORLD: &str = "latchkey";
const MESSAGE: &str = "latchkey";
const CAPTURE: &str = include_str!("../capture.js");

/// What the page in front shows, told from the same world.
const SHOWS: &str = "latchkeyPage";
const PAGE: &str = include_str!("../page.js");

/// A click on a link connects to its host before anybody is asked whether it may be followed, and
/// so may the early hints of a server (RFC 8297).
const CONNECTS_AHEAD: &[&str] = &["LinkPreconnect", "LinkPreconnectEarlyHints"];

/// A page that wants more pop-ups than this at once gets none.
const MOST_POP_UPS: usize = 4;

/// The windows of one sitting. They close when it is dropped.
pub(super) struct Browser(Rc<Inside>);

/// What the page and its pop-ups share.
pub(super) struct Inside {
    pub(super) sitting: Arc<Sitting>,
    pub(super) words: Words,
    context: WebContext,
    content: UserContentManager,
    settings: Settings,
    windows: RefCell<Vec<(gtk::Window, WebView)>>,
    /// The main window, over which these stand.
    over: Option<gtk::ApplicationWindow>,
    closing: Cell<bool>,
    /// Where WebKit keeps the compiled block.
    _rules: TempDir,
}

impl Browser {
    /// Call on the main thread.
    pub(super) async fn open(
        spec: Spec,
        sitting: Arc<Sitting>,
        over: Option<gtk::ApplicationWindow>,
    ) -> Result<Self, OpenError> {
        let rules = tempfile::tempdir().map_err(|error| OpenError::Guard(error.to_string()))?;
        let content = UserContentManager::new();
        unbound::block(&content, &sitting.content_rules(), rules.path())
            .await
            .map_err(OpenError::Guard)?;
        capture(&content, &sitting)?;
        watch(&content, &sitting)?;
        let inside = Rc::new(Inside {
            context: private_profile(&sitting)?,
            settings: settings()?,
            words: spec.words,
            windows: RefCell::default(),
            over,
            closing: Cell::new(false),
            _rules: rules,
            content,
            sitting,
        });
        let browser = Self(inside);
        let view = browser.0.window(None);
        match &spec.start {
            Start::Address(url) => view.load_uri(url.as_str()),
            Start::Form(form) => view.load_html(&sends_itself(form), None),
        }
        Ok(browser)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.0.closing.set(true);
        // Taken out first: closing calls back into `on_delete`.
        for (window, view) in self.0.windows.take() {
            close(&window, &view);
        }
    }
}

impl Inside {
    /// A pop-up of `opener`, with every guard of the first window: it shares the opener's process and
    /// content manager.
    pub(super) fn pop_up(self: &Rc<Self>, opener: &WebView) -> Option<WebView> {
        let open = self.windows.borrow().len();
        (!self.closing.get() && open <= MOST_POP_UPS).then(|| self.window(Some(opener)))
    }

    pub(super) fn is_pop_up(&self, view: &WebView) -> bool {
        self.windows
            .borrow()
            .first()
            .is_some_and(|(_, first)| first != view)
    }

    fn is_open(&self, view: &WebView) -> bool {
        self.windows.borrow().iter().any(|(_, known)| known == view)
    }

    /// A page that closed itself, or whose window the person closed.
    pub(super) fn forget(&self, view: &WebView) {
        let at = self
            .windows
            .borrow()
            .iter()
            .position(|(_, known)| known == view);
        // Taken out first: closing calls back into `on_delete`.
        if let Some((window, view)) = at.map(|at| self.windows.borrow_mut().remove(at)) {
            close(&window, &view);
        }
    }

    fn window(self: &Rc<Self>, opener: Option<&WebView>) -> WebView {
        let builder = WebView::builder()
            .user_content_manager(&self.content)
            .settings(&self.settings);
        let view = match opener {
            Some(opener) => builder.related_view(opener).build(),
            None => builder.web_context(&self.context).build(),
        };
        let role = if opener.is_some() {
            Role::PopUp
        } else {
            Role::First
        };
        let strip = self.strip(role, &view);
        let window = gtk::Window::new(gtk::WindowType::Toplevel);
        window.set_title(&self.words.title);
        window.set_default_size(560, 720);
        if let Some(over) = &self.over {
            window.set_transient_for(Some(over));
            window.set_position(gtk::WindowPosition::CenterOnParent);
        }
        let column = gtk::Box::new(gtk::Orientation::Vertical, 0);
        column.pack_start(&strip.row, false, false, 0);
        column.pack_start(&view, true, true, 0);
        window.add(&column);
        page::connect(self, &view, &window, &strip, role);
        self.on_delete(&window, &view, role);
        self.windows
            .borrow_mut()
            .push((window.clone(), view.clone()));
        if role == Role::First {
            window.show_all();
            view.grab_focus();
        }
        view
    }

    fn strip(self: &Rc<Self>, role: Role, view: &WebView) -> Strip {
        let strip = Strip::new(&self.words);
        if role == Role::First {
            let sitting = self.sitting.clone();
            strip.button(&self.words.cancel, move || sitting.end(Ended::Cancelled));
            let sitting = self.sitting.clone();
            strip.button(&self.words.system_browser, move || {
                sitting.end(Ended::SystemBrowserChosen);
            });
        }
        let shown = strip.clone();
        view.connect_uri_notify(move |view| page::show_address(view, &shown));
        strip
    }

    fn on_delete(self: &Rc<Self>, window: &gtk::Window, view: &WebView, role: Role) {
        let inside = Rc::downgrade(self);
        let view = view.downgrade();
        window.connect_delete_event(move |_, _| {
            let (Some(inside), Some(view)) = (inside.upgrade(), view.upgrade()) else {
                return glib::Propagation::Proceed;
            };
            // No longer among the windows: this is the close that we asked for.
            if !inside.is_open(&view) {
                return glib::Propagation::Proceed;
            }
            match role {
                Role::First => inside.sitting.end(Ended::ClosedByPerson),
                Role::PopUp => inside.forget(&view),
            }
            glib::Propagation::Stop
        });
    }
}

/// Ends the page at once; the empty window goes when the main loop comes round.
fn close(window: &gtk::Window, view: &WebView) {
    view.stop_loading();
    if let Some(column) = view.parent().and_downcast::<gtk::Container>() {
        column.remove(view);
    }
    window.hide();
    // `close` does nothing for a window that was never on screen.
    window.realize();
    window.close();
}

/// A profile in memory, which shares nothing with any other window, past or present.
fn private_profile(sitting: &Arc<Sitting>) -> Result<WebContext, OpenError> {
    let context = WebContext::new_ephemeral();
    let data = context
        .website_data_manager()
        .ok_or_else(|| OpenError::Guard("the private profile has no data manager".to_owned()))?;
    data.set_tls_errors_policy(TLSErrorsPolicy::Fail);
    let sitting = sitting.clone();
    context.connect_download_started(move |_, download| {
        download.cancel();
        sitting.tell(Progress::DownloadRefused);
    });
    Ok(context)
}

/// Reads submitted forms from a world that the pages cannot reach.
fn capture(content: &UserContentManager, sitting: &Arc<Sitting>) -> Result<(), OpenError> {
    let sitting = sitting.clone();
    content.connect_script_message_received(Some(MESSAGE), move |_, message| {
        if let Some(value) = message.js_value() {
            sitting.submitted(&value.to_str());
        }
    });
    if !content.register_script_message_handler_in_world(MESSAGE, WORLD) {
        return Err(OpenError::Guard("the capture world is taken".to_owned()));
    }
    content.add_script(&UserScript::for_world(
        CAPTURE,
        UserContentInjectedFrames::AllFrames,
        UserScriptInjectionTime::Start,
        WORLD,
        &[],
        &[],
    ));
    Ok(())
}

/// Reads what the page in front shows, from the same world.
fn watch(content: &UserContentManager, sitting: &Arc<Sitting>) -> Result<(), OpenError> {
    let sitting = sitting.clone();
    content.connect_script_message_received(Some(SHOWS), move |_, message| {
        if let Some(value) = message.js_value() {
            sitting.shows(&value.to_str());
        }
    });
    if !content.register_script_message_handler_in_world(SHOWS, WORLD) {
        return Err(OpenError::Guard("the capture world is taken".to_owned()));
    }
    content.add_script(&UserScript::for_world(
        PAGE,
        UserContentInjectedFrames::TopFrame,
        UserScriptInjectionTime::Start,
        WORLD,
        &[],
        &[],
    ));
    Ok(())
}

fn settings() -> Result<Settings, OpenError> {
    let settings = Settings::new();
    // A page's links would have names asked for before anybody follows them.
    settings.set_enable_dns_prefetching(false);
    // A page that fills the screen could draw its own address strip.
    settings.set_enable_fullscreen(false);
    settings.set_enable_webrtc(false);
    settings.set_enable_media_stream(false);
    settings.set_enable_back_forward_navigation_gestures(false);
    // A provider that answers in a pop-up without a click is to be seen, not blocked.
    settings.set_javascript_can_open_windows_automatically(true);
    for feature in CONNECTS_AHEAD {
        unbound::switch_off(&settings, feature).map_err(OpenError::Guard)?;
    }
    Ok(settings)
}
