//! Which requests of a recording are one sign-in.

use jiff::SignedDuration;

use super::entry::{Entry, Purpose};
use super::message::{Ask, Given};
use super::place::{Mark, Place};
use crate::saml::response::said;
use secrecy::ExposeSecret;

/// What a request is in a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// On the way to the provider.
    Start,
    /// Asks the provider to sign somebody in.
    Request,
    /// The provider's own pages and scripts.
    Provider,
    /// Carries the provider's answer.
    Answer,
    /// Fetches tokens.
    Tokens,
    /// What the service does with the answer.
    Reply,
}

/// One sign-in, from the request to what the service did with the answer. Entries by their place in
/// the list.
#[derive(Default)]
pub(super) struct Attempt {
    pub(super) steps: Vec<(usize, Role)>,
    /// The service's own request: the first one. None where the provider began, or the recording
    /// begins later.
    pub(super) ask: Option<usize>,
    /// The entry that carries the answer to the service's request.
    pub(super) answer: Option<usize>,
    /// The entry whose response sends that answer on its way.
    pub(super) sent: Option<usize>,
    /// Requests inside it: the provider had another provider sign the person in.
    inner: Vec<usize>,
    hosts: Vec<String>,
    replies: usize,
}

/// The most replies of the service that are looked at.
const MOST_REPLIES: usize = 300;

/// How long a sign-in may take.
const LONGEST: SignedDuration = SignedDuration::from_mins(60);

/// Parts a recording into sign-ins, in the order of time.
pub(super) fn gather(entries: &[Entry]) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(ask) = &entry.ask {
            let open = attempts
                .last_mut()
                .filter(|attempt| attempt.takes(ask, index, entries));
            match open {
                Some(attempt) => attempt.join(index, ask, entries),
                None => attempts.push(Attempt::new(index, entries)),
            }
            continue;
        }
        if let Some(given) = entry.given.as_ref().filter(|given| !given.left_out) {
            answer(&mut attempts, index, given, entries);
            continue;
        }
        if let Some(attempt) = attempts.last_mut() {
            attempt.follow(index, entries);
        }
    }
    attempts
}

/// Finds the sign-in that an answer belongs to, or begins one with it.
fn answer(attempts: &mut Vec<Attempt>, index: usize, given: &Given, entries: &[Entry]) {
    let entry = &entries[index];
    let request = given.saml.as_ref().and_then(|saml| {
        let said = said(saml.expose_secret().as_bytes()).ok()?;
        said.request_id
    });
    let mut recent = attempts.iter_mut().rev().take(20);
    if let Some(attempt) = recent.find(|attempt| attempt.waits_for(given.state, entries)) {
        attempt.answer = Some(index);
        attempt.push(index, Role::Answer, entry);
        return;
    }
    let recent = attempts.iter_mut().rev().take(20);
    for attempt in recent {
        if attempt.answer.is_some() && entry.purpose == Purpose::Script {
            // The service's own script hands the answer on.
            attempt.reply(index, entry);
            return;
        }
        let outer = attempt
            .ask
            .is_some_and(|ask| belongs(&entries[ask], given, request.as_deref(), &entry.place));
        if outer && attempt.answer.is_none() {
            attempt.answer = Some(index);
            attempt.push(index, Role::Answer, entry);
            return;
        }
        let inner = attempt
            .inner
            .iter()
            .any(|ask| belongs(&entries[*ask], given, request.as_deref(), &entry.place));
        if inner && attempt.answer.is_none() {
            attempt.push(index, Role::Provider, entry);
            return;
        }
    }
    if let Some(last) = attempts
        .last_mut()
        .filter(|last| last.answer.is_some() && last.is_near(index, entries))
    {
        // The same answer once more, passed on inside the service.
        let same_host = last
            .answer
            .is_some_and(|at| entries[at].place.host == entry.place.host);
        if same_host {
            last.reply(index, entry);
            return;
        }
    }
    if given.is_bare_code() && !may_take(&entry.place) {
        return;
    }
    let mut begun = Attempt {
        answer: Some(index),
        ..Attempt::default()
    };
    begun.push(index, Role::Answer, entry);
    attempts.push(begun);
}

/// Whether a code that nobody is seen to have asked for may be an answer here. Shops and counters have
/// a code and a state too.
fn may_take(place: &Place) -> bool {
    matches!(place.path.as_str(), "" | "/") || place.speaks_of_sign_in()
}

/// Whether an answer is to this request: by state, by the request's ID, else by where it was sent.
fn belongs(asked: &Entry, given: &Given, request: Option<&str>, place: &Place) -> bool {
    let Some(ask) = &asked.ask else { return false };
    if let (Ask::Saml(ask), Some(request)) = (ask, request)
        && !ask.id.is_empty()
    {
        return ask.id == request || is_here(asked, place);
    }
    match (ask.state(), given.state) {
        (Some(sent), Some(came)) if sent == came => true,
        _ => is_here(asked, place),
    }
}

fn is_here(asked: &Entry, place: &Place) -> bool {
    let ask = asked.ask.as_ref();
    ask.and_then(Ask::answer_at)
        .is_some_and(|at| at.is_at(place))
}

impl Attempt {
    fn new(index: usize, entries: &[Entry]) -> Self {
        let mut attempt = Self {
            ask: Some(index),
            ..Self::default()
        };
        attempt
            .steps
            .extend(start(index, entries).map(|start| (start, Role::Start)));
        attempt.push(index, Role::Request, &entries[index]);
        attempt.note_sent(index, entries);
        attempt
    }

    /// Whether the request bore this state, and is not answered yet.
    fn waits_for(&self, state: Option<Mark>, entries: &[Entry]) -> bool {
        let asked = self.ask.and_then(|ask| entries[ask].ask.as_ref());
        state.is_some() && self.answer.is_none() && asked.and_then(Ask::state) == state
    }

    /// Whether a request is part of this sign-in: the same again, or one inside it.
    fn takes(&self, ask: &Ask, index: usize, entries: &[Entry]) -> bool {
        if self.answer.is_some() || !self.is_near(index, entries) {
            return false;
        }
        let known = self
            .ask
            .iter()
            .chain(&self.inner)
            .filter_map(|at| entries[*at].ask.as_ref());
        let mut known = known.peekable();
        if known.peek().is_none() {
            return false;
        }
        if known.any(|known| is_same(known, ask)) {
            return true;
        }
        // The provider asks on its own account.
        ask.answer_at().is_some_and(|at| {
            let asked = self.ask.iter().chain(&self.inner);
            let mut hosts = asked.map(|asked| &entries[*asked].place.host);
            hosts.any(|host| *host == at.host) || self.hosts.contains(&at.host)
        }) && !self.ask.is_some_and(|outer| {
            let outer = entries[outer].ask.as_ref().and_then(Ask::answer_at);
            outer.is_some_and(|outer| ask.answer_at().is_some_and(|at| at.host == outer.host))
        })
    }

    fn join(&mut self, index: usize, ask: &Ask, entries: &[Entry]) {
        let outer = self.ask.and_then(|outer| entries[outer].ask.as_ref());
        if !outer.is_some_and(|outer| is_same(outer, ask)) {
            self.inner.push(index);
        }
        self.push(index, Role::Provider, &entries[index]);
        self.note_sent(index, entries);
    }

    /// Takes what comes next, if it has to do with this sign-in.
    fn follow(&mut self, index: usize, entries: &[Entry]) {
        let entry = &entries[index];
        if !self.is_near(index, entries) {
            return;
        }
        if entry.tokens.is_some() || entry.asks_tokens {
            self.push(index, Role::Tokens, entry);
            return;
        }
        let here = |asked: usize| is_here(&entries[asked], &entry.place);
        if self.answer.is_none() {
            let delivers = entry.given.is_some() || entry.refused;
            if (delivers && self.ask.is_some_and(here)) || self.may_deliver(entry, entries) {
                self.answer = Some(index);
                self.push(index, Role::Answer, entry);
                return;
            }
            // A fragment does not reach the server; the page that it was sent to is the delivery.
            let sent = self.sent.and_then(|sent| entries[sent].sends.as_ref());
            if sent.is_some_and(|sends| sends.place.is_at(&entry.place)) {
                self.answer = Some(index);
                self.push(index, Role::Answer, entry);
                return;
            }
            let of_provider =
                entry.purpose == Purpose::Page || self.hosts.contains(&entry.place.host);
            if of_provider {
                self.push(index, Role::Provider, entry);
                self.note_sent(index, entries);
            }
            return;
        }
        let service = self.answer.map(|at| site(entries[at].place.host_name()));
        // What the service's own page asks elsewhere counts where it is refused: a service may rest on another's
        // interface for its sign-in.
        let asked_by_service = entry.refused
            && entry.method == "POST"
            && entry.place.speaks_of_sign_in()
            && entry.asked_from.as_deref().map(site) == service;
        let of_service = service.is_some_and(|service| service == site(entry.place.host_name()))
            || asked_by_service
            || self.leads_to(entry, entries);
        if of_service {
            self.reply(index, entry);
        }
    }

    fn reply(&mut self, index: usize, entry: &Entry) {
        if self.replies < MOST_REPLIES {
            self.replies += 1;
            self.push(index, Role::Reply, entry);
        }
    }

    /// Whether a form that the browser left out may be the answer: the request does not say where it goes, and
    /// this is none of the provider's hosts so far.
    fn may_deliver(&self, entry: &Entry, entries: &[Entry]) -> bool {
        let asked = self.ask.and_then(|ask| entries[ask].ask.as_ref());
        entry.purpose == Purpose::Page
            && entry.given.as_ref().is_some_and(|given| given.left_out)
            && asked.is_some_and(|asked| asked.answer_at().is_none())
            && !self.hosts.contains(&entry.place.host)
    }

    /// Whether a page follows from what came before: it answered, or the browser was sent there.
    fn leads_to(&self, entry: &Entry, entries: &[Entry]) -> bool {
        let sends_here = |at: usize| {
            let to = entries[at].goes_to.as_ref();
            to.is_some_and(|to| to.is_at(&entry.place))
        };
        let mut before = self.steps.iter().rev().take(10);
        entry.purpose == Purpose::Page && (!entry.refused || before.any(|(at, _)| sends_here(*at)))
    }

    /// Notes a response that sends the answer to the service's request.
    fn note_sent(&mut self, index: usize, entries: &[Entry]) {
        let Some(sends) = &entries[index].sends else {
            return;
        };
        let asked = self.ask.map(|ask| &entries[ask]);
        let to_service = asked
            .is_some_and(|asked| belongs(asked, &sends.given, None, &sends.place))
            && !self
                .inner
                .iter()
                .any(|inner| is_here(&entries[*inner], &sends.place));
        if to_service || (asked.is_none() && self.sent.is_none()) {
            self.sent = Some(index);
        }
    }

    fn push(&mut self, index: usize, role: Role, entry: &Entry) {
        if self.answer.is_none()
            && matches!(role, Role::Request | Role::Provider)
            && !self.hosts.contains(&entry.place.host)
        {
            self.hosts.push(entry.place.host.clone());
        }
        self.steps.push((index, role));
    }

    /// Whether an entry is near enough in time.
    fn is_near(&self, index: usize, entries: &[Entry]) -> bool {
        let first = self
            .steps
            .first()
            .and_then(|(first, _)| entries[*first].started);
        match (first, entries[index].started) {
            (Some(first), Some(now)) => now.duration_since(first) <= LONGEST,
            _ => true,
        }
    }
}

fn is_same(one: &Ask, other: &Ask) -> bool {
    let states: (Option<Mark>, Option<Mark>) = (one.state(), other.state());
    match (one, other) {
        (Ask::Saml(one), Ask::Saml(other)) => {
            one.id == other.id && (one.readable || states.0 == states.1)
        }
        (Ask::Oidc(one), Ask::Oidc(other)) => {
            one.client_id == other.client_id && one.state == other.state && one.nonce == other.nonce
        }
        _ => false,
    }
}

/// The request that sent the browser to the provider.
fn start(index: usize, entries: &[Entry]) -> Option<usize> {
    let place = &entries[index].place;
    let before = entries[..index].iter().enumerate().rev().take(5);
    let mut found = before.filter(|(_, entry)| entry.ask.is_none() && entry.given.is_none());
    found
        .find(|(_, entry)| entry.goes_to.as_ref().is_some_and(|to| to.is_at(place)))
        .map(|(at, _)| at)
}

/// The last two labels of a host: near enough to what one owner has.
fn site(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (_, second) = (dots.next(), dots.next());
    second.map_or(host, |at| &host[at + 1..])
}
