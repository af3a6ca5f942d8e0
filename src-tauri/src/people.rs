//! People who were brought in: in memory, for as long as the window is open, and nowhere else unless
//! somebody has them kept.

mod keeping;
mod source;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use latchkey_core::people::csv::{Known, Mapping};
use latchkey_core::people::{self, Directory, Held, Import, Part, Preview, Whose};
use latchkey_core::set_up::ConnectionFields;
use latchkey_core::{Catalogue, Fault, Finding, Rule, RuleList, Service, SetUp, Told};
use latchkey_signin::{Fetch, Http};
use latchkey_store::{Store, WorkspaceId};
use tokio::sync::watch;

use crate::house::{Answer, away, held, told};
use crate::sign_in::Cancelled;
use keeping::{Keeping, Noted};
use source::Source;

pub use wire::{
    ClaimHeld, Counted, Foreseen, LiveDirectory, PeopleAsk, PeopleFetched, PeopleFrom, PeopleHeld,
    PeopleLook, PeopleProgress, PeopleRead, PeopleThere,
};

/// Says how far it is.
pub(crate) type Tell = Arc<dyn Fn(PeopleProgress) + Send + Sync>;

/// The people of each workspace.
pub(crate) struct People {
    store: Arc<Store>,
    rooms: Mutex<HashMap<WorkspaceId, Arc<Room>>>,
}

impl People {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            rooms: Mutex::default(),
        }
    }

    /// What this workspace has of people.
    pub(crate) fn of(&self, id: &WorkspaceId) -> Arc<Room> {
        let new = || Arc::new(Room::new(self.store.clone(), id.clone()));
        held(&self.rooms)
            .entry(id.clone())
            .or_insert_with(new)
            .clone()
    }

    /// Lets go of all that this workspace has of people, on the disk too.
    pub(crate) async fn drop_of(&self, id: &WorkspaceId) -> Answer<()> {
        let room = self.of(id);
        room.cancel();
        room.forget().await?;
        held(&self.rooms).remove(id);
        Ok(())
    }
}

/// What one workspace has of people.
pub(crate) struct Room {
    store: Arc<Store>,
    id: WorkspaceId,
    brought: Mutex<Option<Arc<Brought>>>,
    /// Whoever changes who is held, or what of them is kept, has this.
    keeping: tokio::sync::Mutex<Keeping>,
    source: Mutex<Option<Source>>,
    /// A server that is being read, or waits to be read on. It holds the token.
    fetch: tokio::sync::Mutex<Option<Fetch>>,
    running: Mutex<Option<watch::Sender<bool>>>,
}

/// People, ready to be counted.
struct Brought {
    directory: Arc<Directory>,
    preview: Mutex<Preview>,
    noted: Noted,
    shown: PeopleHeld,
}

impl Room {
    fn new(store: Arc<Store>, id: WorkspaceId) -> Self {
        Self {
            store,
            id,
            brought: Mutex::default(),
            keeping: tokio::sync::Mutex::default(),
            source: Mutex::default(),
            fetch: tokio::sync::Mutex::default(),
            running: Mutex::default(),
        }
    }

    /// What is held; the first time, what was kept.
    pub(crate) async fn open(&self) -> Answer<PeopleThere> {
        let mut keeping = self.keeping.lock().await;
        self.look(&mut keeping).await?;
        Ok(PeopleThere {
            held: self.shown(&keeping),
            file: keeping::shown(&self.store.people_file(&self.id)),
            lost: keeping.lost.clone(),
        })
    }

    /// Keeps those who are held on the disk, and whoever is brought in after them; or keeps nobody
    /// there any more.
    pub(crate) async fn keep(&self, on: bool) -> Answer<PeopleHeld> {
        let mut keeping = self.keeping.lock().await;
        let not_brought = || told(Fault::DirectoryNotBrought {});
        let brought = held(&self.brought).clone().ok_or_else(not_brought)?;
        if on {
            self.write(brought).await?.map_err(told)?;
        } else {
            self.forget_kept().await?;
        }
        *keeping = Keeping {
            on,
            ..Keeping::not()
        };
        self.shown(&keeping).ok_or_else(not_brought)
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
            let look = (read.mapping.clone(), read.rows.clone());
            let held = self.hold(read.name.clone(), PeopleFrom::File, import, look);
            read.held = Some(held.await?);
        }
        Ok(read)
    }

    /// How what was chosen or given would be read, where a person knows this much of it.
    pub(crate) async fn look_at(&self, known: Known) -> Answer<Option<PeopleLook>> {
        let source = held(&self.source).clone();
        let source = source.ok_or_else(|| told(Fault::DirectoryNotBrought {}))?;
        away(move || source.look(&known)).await?
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
                Some(self.keep_all(fetch).await?)
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
        self.keep_all(fetch).await
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

    /// What moving the rule at `index`, counted from 0, would give at whatever place.
    pub(crate) async fn foresee(
        &self,
        rules: RuleList,
        index: usize,
        service: Service,
    ) -> Answer<Foreseen> {
        self.ask(move |preview| {
            let asked = people::as_held(&rules, preview.directory());
            let forecast = preview.forecast(&asked.rules, index, &service);
            Foreseen {
                counted: Counted {
                    recount: forecast.recount,
                    changes: Vec::new(),
                    named: asked.named,
                },
                passing: forecast.passing,
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

    async fn keep_all(&self, fetch: Fetch) -> Answer<PeopleHeld> {
        let name = fetch.host();
        let import = away(move || fetch.keep()).await?;
        let no_look = (None, Vec::new());
        self.hold(name, PeopleFrom::Server, import, no_look).await
    }

    /// Holds these people in the place of those before, and keeps them where those are kept. A
    /// directory in which nobody is, is refused.
    async fn hold(
        &self,
        source: String,
        from: PeopleFrom,
        import: Import,
        (mapping, rows): (Option<Mapping>, Vec<Vec<String>>),
    ) -> Answer<PeopleHeld> {
        if let Some(wrong) = import.findings.iter().find(|finding| finding.is_error()) {
            return Err(Box::new(wrong.told()));
        }
        let noted = Noted {
            source,
            from,
            at: Timestamp::now(),
            findings: import.findings,
        };
        let mut brought = Brought::new(import.directory, noted);
        brought.shown.mapping = mapping;
        brought.shown.rows = rows;
        let mut keeping = self.keeping.lock().await;
        self.look(&mut keeping).await?;
        keeping.lost = None;
        let brought = Arc::new(brought);
        self.put(brought.clone()).await?;
        let not_kept = match keeping.on {
            true => self.write(brought).await?.err(),
            false => None,
        };
        let mut shown = self.shown(&keeping);
        if let Some(fault) = not_kept {
            // Those before are not those who are held.
            let is_left = self.forget_kept().await.is_err();
            *keeping = Keeping {
                on: is_left,
                ..Keeping::not()
            };
            shown = self.shown(&keeping).map(|mut shown| {
                shown.findings.push(Finding::warning(fault).told());
                shown
            });
        }
        shown.ok_or_else(|| told(Fault::DirectoryNotBrought {}))
    }

    async fn put(&self, brought: Arc<Brought>) -> Answer<()> {
        let former = held(&self.brought).replace(brought);
        // To give back a hundred megabytes takes a moment.
        away(move || drop(former)).await
    }

    /// Asks the disk, once, whether people are kept. They are held if nobody else is.
    async fn look(&self, keeping: &mut Keeping) -> Answer<()> {
        if keeping.looked {
            return Ok(());
        }
        let (store, id) = (self.store.clone(), self.id.clone());
        *keeping = Keeping::not();
        let loaded = away(move || {
            let loaded = keeping::load(&store, &id)?;
            Ok(loaded.map(|(directory, noted)| Brought::new(directory, noted)))
        });
        match loaded.await? {
            Ok(None) => {}
            Ok(Some(brought)) => {
                keeping.on = true;
                self.put(Arc::new(brought)).await?;
            }
            Err(fault) => keeping.lost = Some(*told(fault)),
        }
        Ok(())
    }

    fn shown(&self, keeping: &Keeping) -> Option<PeopleHeld> {
        let brought = held(&self.brought);
        let shown = brought.as_ref().map(|brought| brought.shown.clone());
        shown.map(|shown| PeopleHeld {
            kept: keeping.on,
            ..shown
        })
    }

    async fn write(&self, brought: Arc<Brought>) -> Answer<Result<(), Fault>> {
        let (store, id) = (self.store.clone(), self.id.clone());
        away(move || keeping::keep(&store, &id, &brought.directory, &brought.noted)).await
    }

    /// Lets go of everybody.
    async fn forget(&self) -> Answer<()> {
        self.leave_server().await;
        let mut keeping = self.keeping.lock().await;
        self.forget_kept().await?;
        *keeping = Keeping::not();
        *held(&self.source) = None;
        let former = held(&self.brought).take();
        away(move || drop(former)).await
    }

    async fn forget_kept(&self) -> Answer<()> {
        let (store, id) = (self.store.clone(), self.id.clone());
        let forgotten = away(move || store.forget_people(&id)).await?;
        forgotten.map_err(keeping::not_forgotten)
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

impl Brought {
    fn new(directory: Directory, noted: Noted) -> Self {
        let shown = PeopleHeld {
            source: noted.source.clone(),
            from: noted.from,
            at: noted.at,
            people: directory.len() as u32,
            memberships: directory.memberships() as u32,
            claims: claims(&directory),
            findings: noted.findings.iter().map(Finding::told).collect(),
            kept: false,
            mapping: None,
            rows: Vec::new(),
        };
        let directory = Arc::new(directory);
        Self {
            preview: Mutex::new(Preview::new(directory.clone())),
            directory,
            noted,
            shown,
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
