//! Rules that would match but for one difference, named. Nothing here decides a role.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::Rule;
use super::compare::{SEPARATORS, collapsed, is_guid, lowered, lowered_char, parts};
use super::dn::Dn;
use super::looks::{composed, skeleton};
use super::repair::Repair;
use crate::claims::Claims;

/// What keeps a rule from matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    /// Capital and small letters, and nothing else.
    CaseDiffers,
    /// White space around or inside (no-break spaces too), or characters without width, and nothing
    /// else. `Sec Ops` and `SecOps` differ by more: they are two names.
    SpaceDiffers,
    /// The same letters, written in parts on one side and as one character on the other (Unicode,
    /// forms NFD and NFC).
    UnicodeFormDiffers,
    /// Letters of another script that look the same.
    LooksAlike,
    /// A distinguished name (RFC 4514) came whose own name, or first common name, is the rule's value.
    DnForName,
    /// The short name came, and the rule has the distinguished name.
    NameForDn,
    /// All values of the claim are object IDs, and the rule's value is none. Said once for a rule.
    GuidForName,
    /// The rule's exact value came under another claim name. The closest name is told.
    ClaimNameDiffers,
    /// The rule's exact value came joined with others in one text, by `;`, `|`, `,` or line breaks.
    JoinedValues,
}

impl Nearness {
    /// The stable code, as every JSON of ours writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::CaseDiffers => "case_differs",
            Self::SpaceDiffers => "space_differs",
            Self::UnicodeFormDiffers => "unicode_form_differs",
            Self::LooksAlike => "looks_alike",
            Self::DnForName => "dn_for_name",
            Self::NameForDn => "name_for_dn",
            Self::GuidForName => "guid_for_name",
            Self::ClaimNameDiffers => "claim_name_differs",
            Self::JoinedValues => "joined_values",
        }
    }
}

/// A rule that would match but for one difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NearMiss {
    /// The rule, counted from 1.
    pub rule: u32,
    /// What keeps it from matching.
    pub code: Nearness,
    /// The claim that came.
    pub claim: String,
    /// The value that came. Joined values are cut after 300 characters.
    pub received: String,
    /// What would make the rule match, where one value does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
}

/// Values longer than this are no name of anything; they are only looked at for joined values. In bytes.
const LONGEST: usize = 4 * 1024;

/// Joined values are looked for in this much of each claim, in bytes: 5,000 groups take a quarter.
const JOINED: usize = 1024 * 1024;

/// Received values that are told for one rule.
const MOST: usize = 4;

/// Received values that are compared with one rule: a provider may send thousands that differ from
/// each other only by case and space.
const COMPARED: usize = 64;

/// The near misses of rules that do not match, in their order.
///
/// The values that came are sorted into an index once, so that each rule costs a few look-ups
/// however many values came. At most one code is given for one received value: difference of case,
/// of space, of what only looks the same, a distinguished name for a short one or the reverse, joined values, object IDs; the
/// first that holds.
pub(super) fn misses(unmatched: &[(u32, &Rule)], claims: &Claims) -> Vec<NearMiss> {
    let mut loosely = Loosely::default();
    let rules = || {
        unmatched
            .iter()
            .filter(|(_, rule)| !rule.claim.is_empty() && !rule.value.is_empty())
    };
    let wanted: Wanted<'_> = rules().map(|(_, rule)| rule.value.as_str()).collect();
    let elsewhere = elsewhere(&wanted, claims);
    let mut arrived: HashMap<&str, Arrived<'_>, RandomState> = HashMap::default();
    let mut misses = Vec::new();
    for (number, rule) in rules() {
        let values = arrived
            .entry(&rule.claim)
            .or_insert_with(|| Arrived::of(claims.values(&rule.claim), &wanted, &mut loosely));
        for (place, code) in values.near(&rule.value, &mut loosely) {
            misses.push(miss(*number, code, &rule.claim, &values.values[place]));
        }
        if let Some(claim) = elsewhere
            .get(rule.value.as_str())
            .and_then(|names| closest(rule, names))
        {
            misses.push(miss(
                *number,
                Nearness::ClaimNameDiffers,
                claim,
                &rule.value,
            ));
        }
    }
    misses
}

type Wanted<'a> = HashSet<&'a str, RandomState>;

fn miss(rule: u32, code: Nearness, claim: &str, received: &str) -> NearMiss {
    let received = match code {
        Nearness::JoinedValues => crate::text::shown(received, 300),
        _ => received.to_owned(),
    };
    NearMiss {
        rule,
        code,
        claim: claim.to_owned(),
        received,
        repair: None,
    }
    .with_repair()
}

/// The values of one claim, by what they could be taken for.
struct Arrived<'a> {
    values: &'a [String],
    /// Hash of the value without regard to case and space, and its place. Sorted.
    loose: Vec<(u64, usize)>,
    /// What values that are not all ASCII look like.
    looks: HashMap<String, usize, RandomState>,
    /// Short names of distinguished names that a rule wants.
    short_names: HashMap<String, Vec<usize>, RandomState>,
    /// Distinguished names as RFC 4514 writes them, in small letters, if a rule wants one.
    entries: HashMap<String, usize, RandomState>,
    /// Parts of joined values that a rule wants.
    joined: HashMap<&'a str, usize, RandomState>,
    /// Whether object IDs came and nothing else.
    all_guids: bool,
}

impl<'a> Arrived<'a> {
    fn of(values: &'a [String], wanted: &Wanted<'_>, loosely: &mut Loosely) -> Self {
        let mut arrived = Self {
            values,
            loose: Vec::with_capacity(values.len()),
            looks: HashMap::default(),
            short_names: HashMap::default(),
            entries: HashMap::default(),
            joined: HashMap::default(),
            all_guids: !values.is_empty() && values.iter().all(|value| is_guid(value)),
        };
        let mut left = JOINED;
        let wants_entries = wanted.iter().any(|value| entry(value).is_some());
        for (place, value) in values.iter().enumerate() {
            if value.len() <= LONGEST {
                arrived.loose.push((loosely.hash(value), place));
                if !value.is_ascii() {
                    arrived.looks.entry(skeleton(value)).or_insert(place);
                }
                if let Some(dn) = entry(value) {
                    arrived.add_short_names(&dn, place, wanted);
                    if wants_entries {
                        let written = dn.to_string().to_lowercase();
                        arrived.entries.entry(written).or_insert(place);
                    }
                    // Its commas separate the parts of one name, not several names.
                    continue;
                }
            }
            if value.len() <= left {
                left -= value.len();
                arrived.add_parts(value, place, wanted);
            }
        }
        arrived.loose.sort_unstable();
        arrived
    }

    fn add_short_names(&mut self, dn: &Dn, place: usize, wanted: &Wanted<'_>) {
        for name in dn.short_names().filter(|name| wanted.contains(name)) {
            let places = self.short_names.entry(name.to_owned()).or_default();
            if places.len() < COMPARED {
                places.push(place);
            }
        }
    }

    fn add_parts(&mut self, value: &'a str, place: usize, wanted: &Wanted<'_>) {
        for separator in SEPARATORS
            .into_iter()
            .filter(|separator| value.contains(*separator))
        {
            for part in parts(value, separator).filter(|part| wanted.contains(part)) {
                self.joined.entry(part).or_insert(place);
            }
        }
    }

    /// Places of received values with what keeps them from being `value`.
    fn near(&self, value: &str, loosely: &mut Loosely) -> Vec<(usize, Nearness)> {
        let mut near = Vec::new();
        if self.values.is_empty() || value.len() > LONGEST {
            return near;
        }
        let loose = self
            .alike(loosely.hash(value))
            .filter_map(|place| Some((place, by_letters(value, &self.values[place])?)));
        self.add(&mut near, loose);
        let looks = self.looking_like(value, loosely);
        self.add(&mut near, looks.into_iter());
        let dns = self.short_names.get(value).into_iter().flatten();
        self.add(&mut near, dns.map(|place| (*place, Nearness::DnForName)));
        if let Some(dn) = entry(value) {
            let same = self.written_otherwise(value, &dn);
            self.add(&mut near, same.into_iter());
            let names = dn.short_names().flat_map(|name| {
                self.alike(loosely.hash(name))
                    .filter(move |place| self.values[*place] == name)
            });
            self.add(&mut near, names.map(|place| (place, Nearness::NameForDn)));
        }
        self.add(
            &mut near,
            self.joined
                .get(value)
                .map(|place| (*place, Nearness::JoinedValues))
                .into_iter(),
        );
        if near.is_empty() && self.all_guids && !is_guid(value) {
            near.push((0, Nearness::GuidForName));
        }
        near
    }

    /// The same distinguished name in other characters: with spaces between its parts, say.
    fn written_otherwise(&self, value: &str, dn: &Dn) -> Option<(usize, Nearness)> {
        let written = dn.to_string();
        let place = self.entries.get(&written.to_lowercase()).copied()?;
        let received = self.values[place].as_str();
        if value == received {
            return None;
        }
        let same = entry(received).is_some_and(|other| other.to_string() == written);
        let code = if same {
            Nearness::SpaceDiffers
        } else {
            Nearness::CaseDiffers
        };
        Some((place, code))
    }

    /// The first value that looks the same and is not.
    fn looking_like(&self, value: &str, loosely: &mut Loosely) -> Option<(usize, Nearness)> {
        let place = if value.is_ascii() {
            self.looks.get(value).copied()?
        } else {
            let looks = skeleton(value);
            self.looks.get(&looks).copied().or_else(|| {
                self.alike(loosely.hash(&looks))
                    .find(|place| self.values[*place] == looks)
            })?
        };
        let received = self.values[place].as_str();
        // Another reader of this value told it already, or it is the same.
        if value == received || by_letters(value, received).is_some() {
            return None;
        }
        let code = match composed(value) == composed(received) {
            true => Nearness::UnicodeFormDiffers,
            false => Nearness::LooksAlike,
        };
        Some((place, code))
    }

    /// Adds what is new, up to the limit. A value that came twice is told once.
    fn add(
        &self,
        near: &mut Vec<(usize, Nearness)>,
        more: impl Iterator<Item = (usize, Nearness)>,
    ) {
        for (place, code) in more {
            if near.len() == MOST {
                return;
            }
            if !near
                .iter()
                .any(|(told, _)| self.values[*told] == self.values[place])
            {
                near.push((place, code));
            }
        }
    }

    /// Places of values with this hash by [`Loosely`], in the order of arrival.
    fn alike(&self, hash: u64) -> impl Iterator<Item = usize> {
        let from = self.loose.partition_point(|(other, _)| *other < hash);
        self.loose[from..]
            .iter()
            .take_while(move |(other, _)| *other == hash)
            .take(COMPARED)
            .map(|(_, place)| *place)
    }
}

fn by_letters(value: &str, received: &str) -> Option<Nearness> {
    if value == received {
        None
    } else if lowered(value).eq(lowered(received)) {
        Some(Nearness::CaseDiffers)
    } else if collapsed(value).eq(collapsed(received)) {
        Some(Nearness::SpaceDiffers)
    } else {
        None
    }
}

/// Hashes texts without seeing case, white space around, how much of it inside, and invisible
/// characters.
#[derive(Default)]
struct Loosely {
    state: RandomState,
    /// What is hashed; kept, since it is needed for every value and every rule.
    plain: String,
}

impl Loosely {
    fn hash(&mut self, text: &str) -> u64 {
        self.plain.clear();
        if text.is_ascii() {
            // The same as below for ASCII, several times as fast: most values are.
            for word in text.split_whitespace() {
                if !self.plain.is_empty() {
                    self.plain.push(' ');
                }
                self.plain.push_str(word);
            }
            self.plain.make_ascii_lowercase();
        } else {
            let lowered = collapsed(text).flat_map(lowered_char);
            self.plain.extend(lowered);
        }
        self.state.hash_one(self.plain.as_str())
    }
}

fn entry(text: &str) -> Option<Dn> {
    // Most values have none, and asking costs less than reading.
    if !text.contains('=') {
        return None;
    }
    text.parse::<Dn>().ok().filter(Dn::is_entry)
}

/// For each wanted value, the claims that it came under.
fn elsewhere<'a>(
    wanted: &Wanted<'_>,
    claims: &'a Claims,
) -> HashMap<&'a str, Vec<&'a str>, RandomState> {
    let mut elsewhere: HashMap<&str, Vec<&str>, RandomState> = HashMap::default();
    for (name, values) in claims.iter() {
        for value in values
            .iter()
            .filter(|value| wanted.contains(value.as_str()))
        {
            let names = elsewhere.entry(value).or_default();
            if names.len() < COMPARED && names.last() != Some(&name) {
                names.push(name);
            }
        }
    }
    elsewhere
}

/// The name that is most like the rule's; of equals, the one that came first.
fn closest<'a>(rule: &Rule, names: &[&'a str]) -> Option<&'a str> {
    let distant = matches!(rule.value.as_str(), "true" | "false");
    names
        .iter()
        .map(|name| (distance(&rule.claim, name), *name))
        // That some other claim is true as well says nothing.
        .filter(|(distance, _)| !(distant && *distance == UNRELATED))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

const UNRELATED: u8 = 2;

fn distance(asked: &str, came: &str) -> u8 {
    if lowered(asked).eq(lowered(came)) {
        return 0;
    }
    let (asked, came) = (last_part(asked), last_part(came));
    if lowered(asked).eq(lowered(came)) || (is_email(asked) && is_email(came)) {
        return 1;
    }
    UNRELATED
}

/// `groups` of `https://torq.io/groups`, `urn:acme:groups` and `groups` alike.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}

/// The last part of `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress`, and its kin.
fn is_email(name: &str) -> bool {
    ["email", "emailaddress", "mail"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
