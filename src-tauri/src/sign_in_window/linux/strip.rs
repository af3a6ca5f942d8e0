//! The strip above the page: where it is from, the system browser, Cancel.

use gtk::{pango, prelude::*};
use url::Url;

use super::super::{Address, Words};

/// Says the address of the page below it. A page can neither draw on it nor change it.
#[derive(Clone)]
pub(super) struct Strip {
    pub(super) row: gtk::Box,
    warning: gtk::Label,
    host: gtk::Label,
    path: gtk::Label,
}

impl Strip {
    pub(super) fn new(words: &Words) -> Self {
        let row = gtk::Box::new(gtk::Orientation::Horizontal, 8);
        row.set_border_width(8);
        let warning = gtk::Label::new(Some(&words.not_encrypted));
        warning.set_no_show_all(true);
        let host = gtk::Label::new(None);
        let bold = pango::AttrList::new();
        bold.insert(pango::AttrInt::new_weight(pango::Weight::Bold));
        host.set_attributes(Some(&bold));
        // The end of a long name says whose it is.
        host.set_ellipsize(pango::EllipsizeMode::Start);
        let path = gtk::Label::new(None);
        path.set_xalign(0.0);
        path.set_ellipsize(pango::EllipsizeMode::End);
        row.pack_start(&warning, false, false, 0);
        row.pack_start(&host, false, true, 0);
        row.pack_start(&path, true, true, 0);
        Self {
            row,
            warning,
            host,
            path,
        }
    }

    /// A button at the far end; the first added stands outermost.
    pub(super) fn button(&self, label: &str, pressed: impl Fn() + 'static) {
        let button = gtk::Button::with_label(label);
        button.connect_clicked(move |_| pressed());
        self.row.pack_end(&button, false, false, 0);
    }

    pub(super) fn show(&self, url: &Url) {
        let address = Address::of(url);
        self.host.set_text(&address.host());
        self.path.set_text(address.path());
        self.row.set_tooltip_text(Some(&address.to_string()));
        self.warning.set_visible(address.scheme() == "http");
        self.host
            .set_width_chars(i32::try_from(address.host().len().min(40)).unwrap_or(40));
    }
}
