//! People who were brought in: in memory, for as long as the window is open, and nowhere else.

mod source;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use latchkey_core::people::{self, Directory, Held, Import, Part, Preview, Whose};
use latchkey_core::set_up::ConnectionFields;
use latchkey_core::{Catalogue, Fault, Finding, Rule, RuleList, Service, SetUp, Told};
use latchkey_signin::{Fetch, Http};
use latchkey_store::WorkspaceId;
use tokio::sync::watch;

use crate::house::{Answer, away, held, told};
use crate::sign_in::Cancelled;
use source::Source;

pub use wire::{
    ClaimHeld, Counted, LiveDirectory, PeopleAsk, PeopleFetched, PeopleFrom, PeopleHeld,
    PeopleProgress, PeopleRead,
};

/// Says how far it is.
pub(crate) type Tell = Arc<dyn Fn(PeopleProgress) + Send + Sync>;

/// The people of each workspace.
#[derive(Default)]
pub(crate) struct People(Mutex<HashMap<WorkspaceId, Arc<Room>>>);

impl People {
    /// What this workspace has of people.
    pub(crate) fn of(&self, id: &WorkspaceId) -> Arc<Room> {
        held(&self.0).entry(id.clone()).or_default().clone()
    }

    /// Lets go of all that this workspace has of people.
    pub(crate) fn drop_of(&self, id: &WorkspaceId) {
        if let Some(room) = held(&self.0).remove(id) {
            room.cancel();
        }
    }
}

/// What one workspace has of people.
#[derive(Default)]
pub(crate) struct Room {
    brought: Mutex<Option<Arc<Brought>>>,
    source: Mutex<Option<Source>>,
    /// A server that is being read, or waits to be read on. It holds the token.
    fetch: tokio::sync::Mutex<Option<Fetch>>,
    running: Mutex<Option<watch::Sender<bool>>>,
}

/// People, ready to be counted.
struct Brought {
    preview: Mutex<Preview>,
    shown: PeopleHeld,
}

impl Room {
    /// What is held.
    pub(crate) fn shown(&self) -> Option<PeopleHeld> {
        held(&self.brought)
            .as_ref()
            .map(|brought| brought.shown.clone())
    }

    /// From now on, this file is read; its name.
    pub(crate) fn choose(&self, path: PathBuf) -> String {
        let source = Source::File(path);
        let name = source.name();
        *held(&self.source) = Some(source);
        name
    }

    /// Takes in a part of what was dropped or pasted; the first one begins anew.
    pub(crate) fn give(&self, name: &str, part: &[u8], first: bool) -> Answer<()> {
        let mut source = held(&self.source);
        if first || !matches!(*source, Some(Source::Given { .. })) {
            *source = Some(Source::given(name));
        }
        let given = source.as_mut().map_or(Ok(()), |source| source.push(part));
        given.map_err(|fault| {
            *source = None;
            told(fault)
        })
    }

    /// Reads what was chosen or given, as it looks or as `ask` says.
    pub(crate) async fn read(&self, ask: PeopleAsk, tell: Tell) -> Answer<PeopleRead> {
        let source = held(&self.source).clone();
        let source = source.ok_or_else(|| told(Fault::DirectoryNotBrought {}))?;
        let cancelled = self.begin();
        let (mut read, import) = away(move || source.read(ask, &tell, &cancelled.0)).await??;
        if let Some(import) = import {
            let from = PeopleFrom::File;
            let (mapping, rows) = (read.mapping.clone(), read.rows.clone());
            let name = read.name.clone();
            let shown = move |import: &Import| PeopleHeld {
                mapping,
                rows,
                ..PeopleHeld::of(name, from, import)
            };
            read.held = Some(self.hold(import, shown).await?);
        }
        Ok(read)
    }

    /// Begins at a server. Nothing is asked yet.
    pub(crate) async fn begin_at(&self, fetch: Fetch) {
        self.cancel();
        *self.fetch.lock().await = Some(fetch);
    }

    /// Asks the server for one page after the other, until all have come, one does not come, or it
    /// is cancelled. Called again, it goes on.
    pub(crate) async fn fetch(&self, http: &Http, tell: Tell) -> Answer<PeopleFetched> {
        let mut slot = self.fetch.lock().await;
        let fetch = slot.as_mut();
        let fetch = fetch.ok_or_else(|| told(Fault::DirectoryNotBrought {}))?;
        let cancelled = self.begin();
        let run = fetch.run(http, |progress| tell(progress.into()));
        let (stopped, was_cancelled) = tokio::select! {
            done = run => (done.err(), false),
            () = cancelled.wait() => (None, true),
        };
        let progress = fetch.reached();
        let stopped = stopped.map(|fault| *told(fault));
        let is_all = stopped.is_none() && !was_cancelled;
        let held = match slot.take_if(|_| is_all) {
            Some(fetch) => {
                tell(PeopleProgress::Counting);
                Some(self.keep(fetch).await?)
            }
            None => None,
        };
        Ok(PeopleFetched {
            pages: progress.pages,
            people: progress.people as u32,
            stopped,
            cancelled: was_cancelled,
            held,
        })
    }

    /// Keeps the people who came before the server stopped, and lets go of the token.
    pub(crate) async fn keep_fetched(&self) -> Answer<PeopleHeld> {
        let fetch = self.fetch.lock().await.take();
        let fetch = fetch.ok_or_else(|| told(Fault::DirectoryNotBrought {}))?;
        self.keep(fetch).await
    }

    /// Lets go of a server that waits to be read on, and of its token.
    pub(crate) async fn leave_server(&self) {
        self.cancel();
        *self.fetch.lock().await = None;
    }

    /// Ends what is running.
    pub(crate) fn cancel(&self) {
        if let Some(running) = held(&self.running).as_ref() {
            running.send_replace(true);
        }
    }

    /// Counts; and against `before`, who would get another role.
    pub(crate) async fn count(
        &self,
        rules: RuleList,
        before: Option<RuleList>,
        service: Service,
    ) -> Answer<Counted> {
        self.ask(move |preview| {
            let asked = people::as_held(&rules, preview.directory());
            let recount = preview.recount(&asked.rules, &service);
            let changes = before.map(|before| {
                let before = people::as_held(&before, preview.directory());
                preview.difference(&before.rules, &asked.rules, &service)
            });
            Counted {
                recount,
                changes: changes.unwrap_or_default(),
                named: asked.named,
            }
        })
        .await
    }

    /// What the people say about the rules.
    pub(crate) async fn findings(
        &self,
        rules: RuleList,
        service: Service,
        connection: ConnectionFields,
    ) -> Answer<Vec<Told>> {
        self.ask(move |preview| {
            let asked = people::as_held(&rules, preview.directory());
            let recount = preview.recount(&asked.rules, &service);
            let mut findings = asked.findings;
            findings.extend(people::findings(preview, &recount, &asked.rules, &service));
            let provider = Catalogue::built_in().provider(&connection.provider);
            findings.extend(provider.and_then(|provider| {
                people::group_limit(preview.directory(), &asked.rules, &connection, provider)
            }));
            findings.iter().map(Finding::told).collect()
        })
        .await
    }

    /// Some of the people whom a number stands for.
    pub(crate) async fn list(
        &self,
        rules: RuleList,
        service: Service,
        (whose, search): (Whose, String),
        window: (usize, usize),
    ) -> Answer<Part> {
        self.ask(move |preview| {
            let asked = people::as_held(&rules, preview.directory()).rules;
            preview.list(&whose, &search, window, &asked, &service)
        })
        .await
    }

    /// Values of a claim that begin so, those that most people have first.
    pub(crate) async fn values(
        &self,
        claim: String,
        prefix: String,
        limit: usize,
    ) -> Answer<Vec<Held>> {
        let rule = Rule {
            claim,
            ..Rule::default()
        };
        self.ask(move |preview| {
            // What a provider calls otherwise has the same values.
            let asked = people::as_held(&RuleList(vec![rule]), preview.directory()).rules;
            let claim = asked.0.first().map_or("", |rule| &rule.claim);
            preview.directory().values(claim, &prefix, limit)
        })
        .await
    }

    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Preview) -> T + Send + 'static,
    ) -> Answer<T> {
        let brought = held(&self.brought).clone();
        let brought = brought.ok_or_else(|| told(Fault::DirectoryNotBrought {}))?;
        away(move || ask(&mut held(&brought.preview))).await
    }

    async fn keep(&self, fetch: Fetch) -> Answer<PeopleHeld> {
        let name = fetch.host();
        let import = away(move || fetch.keep()).await?;
        let shown = move |import: &Import| PeopleHeld::of(name, PeopleFrom::Server, import);
        self.hold(import, shown).await
    }

    /// Holds these people in the place of those before. A directory in which nobody is, is refused.
    async fn hold(
        &self,
        import: Import,
        shown: impl FnOnce(&Import) -> PeopleHeld + Send + 'static,
    ) -> Answer<PeopleHeld> {
        if let Some(wrong) = import.findings.iter().find(|finding| finding.is_error()) {
            return Err(Box::new(wrong.told()));
        }
        let brought = away(move || {
            let shown = shown(&import);
            let preview = Mutex::new(Preview::new(Arc::new(import.directory)));
            Brought { preview, shown }
        })
        .await?;
        let shown = brought.shown.clone();
        let former = held(&self.brought).replace(Arc::new(brought));
        // To give back a hundred megabytes takes a moment.
        away(move || drop(former)).await?;
        Ok(shown)
    }

    fn begin(&self) -> Cancelled {
        let (cancel, cancelled) = watch::channel(false);
        *held(&self.running) = Some(cancel);
        Cancelled(cancelled)
    }
}

/// The service of a set-up; one without roles while none is chosen.
pub(crate) fn service_of(set_up: &SetUp) -> Service {
    let catalogue = Catalogue::built_in();
    catalogue.service_of(set_up).unwrap_or_default()
}

impl PeopleHeld {
    fn of(source: String, from: PeopleFrom, import: &Import) -> Self {
        let Import {
            directory,
            findings,
            ..
        } = import;
        Self {
            source,
            from,
            people: directory.len() as u32,
            memberships: directory.memberships() as u32,
            claims: claims(directory),
            findings: findings.iter().map(Finding::told).collect(),
            mapping: None,
            rows: Vec::new(),
        }
    }
}

fn claims(directory: &Directory) -> Vec<ClaimHeld> {
    let claims = directory.claims_held();
    claims
        .map(|(name, values)| ClaimHeld {
            name: name.to_owned(),
            values: values as u32,
        })
        .collect()
}
