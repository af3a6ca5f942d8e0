//! The list as it is read, printed and sent: its parts and their entries.

use std::fmt::Write;

use serde::Serialize;
use specta::Type;

use super::{Ledger, LedgerStep, Wanted};
use crate::connection::Protocol;

/// What stands in a checklist where something is to be written. The paste guard knows it as blank.
pub(super) const BLANK: &str = "______";

/// What stands behind a step that nobody has compared, where others were.
pub(super) const NOT_COMPARED: &str = " (not checked)";

/// The longest value that is shown, in characters.
const LONGEST: usize = 2_000;

/// The list as a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// For which workspace it is, and how long it takes.
    pub lead: String,
    /// Its parts, none of them empty.
    pub parts: Vec<PagePart>,
    /// Whether its steps were compared with their sources, and when.
    pub checked: String,
}

/// One part of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct PagePart {
    /// Its title.
    pub title: String,
    /// How its entries are set.
    pub layout: Layout,
    /// Its entries, in order.
    pub entries: Vec<Entry>,
    /// What stands below them.
    pub notes: Vec<String>,
}

/// How the entries of a part are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// As they are.
    Plain,
    /// With a box to tick.
    Boxes,
    /// Numbered, with a box to tick.
    Steps,
    /// With room to write a value.
    Blanks,
}

/// One entry: text, a value or room for one, text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Type)]
pub struct Entry {
    /// What is said first.
    pub text: String,
    /// The value to copy.
    pub value: Option<String>,
    /// What is said behind it; empty where there is nothing to say.
    pub after: String,
    /// Code to paste, with the values filled in.
    pub code: Option<String>,
}

impl Ledger {
    /// The list as a page, for the window and for paper.
    pub fn page(&self) -> Page {
        let workspace = match self.workspace.as_str() {
            "" => "without a name",
            name => name,
        };
        let (service, provider) = (&self.service, &self.provider);
        let parts = [
            told("Have at hand", &self.needs),
            self.values_to_paste(),
            self.what_to_do(),
            told("Known traps", &self.traps),
            self.values_to_send_back(),
        ];
        Page {
            title: format!("Single sign-on for {service}: what to do at {provider}"),
            lead: format!(
                "Workspace {workspace}, with {}. It takes about {} minutes in the {}.",
                self.protocol.name(),
                self.minutes,
                self.console.trim_start_matches("your ")
            ),
            parts: parts
                .into_iter()
                .filter(|part| !part.entries.is_empty())
                .collect(),
            checked: self.checked(),
        }
    }

    /// The list as Markdown, to be sent to whoever runs the provider. What comes back, filled in, is
    /// read by [`crate::paste::recognise`].
    pub fn checklist(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.page().write(&mut text);
        text
    }

    fn values_to_paste(&self) -> PagePart {
        let value = |label: &str, value: &str| Entry {
            text: format!("{label}:"),
            value: Some(crate::text::shown(value, LONGEST)),
            ..Entry::default()
        };
        let give = self.give.iter().map(|one| value(&one.label, &one.value));
        let settings = &self.settings;
        let settings = settings.iter().map(|one| value(&one.label, &one.value));
        let attributes = self.attributes.iter().map(|one| Entry {
            after: format!("from {}", one.source),
            ..value("Attribute", &one.name)
        });
        let entries = give.chain(settings).chain(attributes).collect();
        part("Values to paste into the console", Layout::Boxes, entries)
    }

    fn what_to_do(&self) -> PagePart {
        let some_compared = self.compared() > 0;
        let step = |step: &LedgerStep| {
            let doubtful = some_compared && !step.compared;
            let mark = if doubtful { NOT_COMPARED } else { "" };
            Entry {
                text: format!("{}{mark}", step.text),
                value: step
                    .value
                    .as_deref()
                    .map(|value| crate::text::shown(value, LONGEST)),
                code: step.code.clone(),
                ..Entry::default()
            }
        };
        part(
            "Steps",
            Layout::Steps,
            self.steps.iter().map(step).collect(),
        )
    }

    fn values_to_send_back(&self) -> PagePart {
        let blank = |wanted: &Wanted| Entry {
            text: format!("{}:", wanted.label),
            after: match wanted.example.as_str() {
                "" => String::new(),
                example => format!("(such as {example})"),
            },
            ..Entry::default()
        };
        let secret = self.want.iter().any(|wanted| wanted.secret).then_some(
            "Send the client secret by a way that only the Owner can read, such as a password manager.",
        );
        let certificate = (self.protocol == Protocol::Saml).then_some(
            "The certificate is sent as text that begins with BEGIN CERTIFICATE, or as a file. Never send a private key.",
        );
        let notes = secret.into_iter().chain(certificate).map(str::to_owned);
        PagePart {
            notes: notes.collect(),
            ..part(
                "Values to send back",
                Layout::Blanks,
                self.want.iter().map(blank).collect(),
            )
        }
    }

    fn compared(&self) -> usize {
        self.steps.iter().filter(|step| step.compared).count()
    }

    fn checked(&self) -> String {
        let (all, day) = (self.steps.len(), &self.checked_on);
        match self.compared() {
            0 => "The steps were not checked against the provider's documentation: names in its console may differ.".to_owned(),
            compared if compared == all => {
                format!("The steps were checked against their documentation on {day}.")
            }
            compared => format!(
                "{compared} of {all} steps were checked against documentation on {day}. Names in the others may differ."
            ),
        }
    }
}

impl Page {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# {}\n\n{}\n", self.title, self.lead)?;
        for part in &self.parts {
            writeln!(out, "## {}\n", part.title)?;
            for (index, entry) in part.entries.iter().enumerate() {
                entry.write(out, part.layout, index + 1)?;
            }
            for note in &part.notes {
                writeln!(out, "\n{note}")?;
            }
            writeln!(out)?;
        }
        writeln!(out, "{}", self.checked)
    }
}

impl Entry {
    fn write(&self, out: &mut String, layout: Layout, number: usize) -> std::fmt::Result {
        let text = &self.text;
        if layout == Layout::Steps {
            writeln!(out, "{number}. [ ] {text}")?;
            if let Some(value) = &self.value {
                writeln!(out, "\n       {value}\n")?;
            }
            for line in self.code.iter().flat_map(|code| code.lines()) {
                writeln!(out, "       {line}")?;
            }
            return Ok(());
        }
        let mark = if layout == Layout::Boxes {
            "- [ ]"
        } else {
            "-"
        };
        write!(out, "{mark} {text}")?;
        match &self.value {
            // As code, so that nothing in it is taken for a mark.
            Some(value) => write!(out, " `{}`", value.replace('`', "'"))?,
            None if layout == Layout::Blanks => write!(out, " {BLANK}")?,
            None => {}
        }
        match self.after.as_str() {
            "" => writeln!(out),
            after => writeln!(out, " {after}"),
        }
    }
}

fn told(title: &str, lines: &[String]) -> PagePart {
    let entries = lines.iter().map(|line| Entry {
        text: line.clone(),
        ..Entry::default()
    });
    part(title, Layout::Plain, entries.collect())
}

fn part(title: &str, layout: Layout, entries: Vec<Entry>) -> PagePart {
    PagePart {
        title: title.to_owned(),
        layout,
        entries,
        notes: Vec::new(),
    }
}
