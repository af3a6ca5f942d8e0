//! Reading people from SCIM 2.0 (RFC 7643, RFC 7644): users, groups, or both, as a server lists
//! them, from a file or page by page.

mod resource;

use std::io::{BufReader, Read};

use serde::de::DeserializeSeed;
use serde_json::error::Category;

use super::builder::Builder;
use super::names::Names;
use super::{GROUPS, Import, Refused};
use crate::fault::Fault;
use crate::finding::Finding;
use crate::text::shown;
use resource::{Document, Resource};

/// What one page of a list said about the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many resources the whole list has.
    pub total: Option<u64>,
    /// Where this page begins, counted from 1.
    pub start: Option<u64>,
    /// How many users and groups were in it.
    pub came: u64,
}

/// The users and groups that came so far, in any order.
pub struct Gathered {
    builder: Builder,
    groups_claim: usize,
    /// Users and groups by their `id`.
    ids: Names,
    /// The person of each `id`, counted from 1; 0 while no user came.
    people: Vec<u32>,
    /// The name of each group by its `id`, as a number of `labels`, counted from 1.
    named: Vec<u32>,
    labels: Names,
    /// What can be told only at the end: member's `id`, value.
    members: Vec<(u32, u32)>,
    /// Person, `id` of a group whose name did not come along.
    unnamed: Vec<(u32, u32)>,
    nameless: Option<String>,
    nameless_count: u64,
    merged: u64,
    resources: u64,
    totals: u64,
}

/// Reads a file: an answer of a SCIM server as it came, a list of answers, or a list of users and
/// groups.
///
/// # Errors
/// [`Refused`], when the source cannot be read, is no JSON, or holds neither users nor groups.
pub fn read(source: impl Read) -> Result<Import, Refused> {
    let mut scim = Gathered::default();
    let came = scim.read(BufReader::with_capacity(256 * 1024, source))?;
    if came.came == 0 && came.total.is_none() {
        return Err(Fault::DirectoryNotScim {}.into());
    }
    let incomplete = (scim.totals > scim.resources).then(|| {
        Finding::warning(Fault::DirectoryListIncomplete {
            came: scim.resources,
            total: scim.totals,
        })
    });
    let mut import = scim.finish();
    import.findings.extend(incomplete);
    Ok(import)
}

impl Default for Gathered {
    fn default() -> Self {
        let mut builder = Builder::new();
        let groups_claim = builder.claim(&[GROUPS]);
        Self {
            builder,
            groups_claim,
            ids: Names::default(),
            people: Vec::new(),
            named: Vec::new(),
            labels: Names::default(),
            members: Vec::new(),
            unnamed: Vec::new(),
            nameless: None,
            nameless_count: 0,
            merged: 0,
            resources: 0,
            totals: 0,
        }
    }
}

impl Gathered {
    /// Takes in one page of a list, as the server sent it.
    ///
    /// # Errors
    /// The fault that says why it is no page.
    pub fn page(&mut self, body: &[u8]) -> Result<Page, Fault> {
        match self.read(body) {
            Ok(page) if page.total.is_some() || page.came > 0 => Ok(page),
            Ok(_) => Err(Fault::DirectoryNotScim {}),
            Err(Refused::Content(fault)) => Err(fault),
            // A slice can always be read.
            Err(Refused::Read(_)) => Err(Fault::DirectoryNotScim {}),
        }
    }

    /// How many people came so far.
    pub fn people(&self) -> usize {
        self.builder.people()
    }

    /// The people, each with their groups.
    pub fn finish(mut self) -> Import {
        let mut findings = Vec::new();
        let unknown = self.resolve_members();
        self.resolve_unnamed();
        if let Some(name) = &self.nameless {
            let fault = Fault::DirectoryUsersWithoutAddress {
                users: self.nameless_count,
                name: shown(name, 100),
            };
            findings.push(Finding::warning(fault));
        }
        if self.merged > 0 {
            let users = self.merged;
            findings.push(Finding::note(Fault::DirectoryUsersMerged { users }));
        }
        if let Some((members, group)) = unknown {
            let fault = Fault::DirectoryMembersUnknown { members, group };
            findings.push(Finding::warning(fault));
        }
        let directory = self.builder.finish();
        if directory.is_empty() {
            findings.push(Finding::error(Fault::DirectoryEmpty {}));
        } else if directory.memberships() == 0 {
            findings.push(Finding::warning(Fault::DirectoryWithoutGroups {}));
        }
        Import {
            directory,
            mapping: None,
            findings,
        }
    }

    fn read(&mut self, source: impl Read) -> Result<Page, Refused> {
        let mut reader = serde_json::Deserializer::from_reader(source);
        let mut page = Page::default();
        let mut stopped = None;
        // More than one answer may stand in one file, each behind the other.
        let read = loop {
            let document = Document {
                scim: self,
                page: &mut page,
                stopped: &mut stopped,
            };
            if let Err(error) = document.deserialize(&mut reader) {
                break Err(error);
            }
            match reader.end() {
                Ok(()) => break Ok(()),
                Err(error) if error.classify() == Category::Io => break Err(error),
                Err(_) => {}
            }
        };
        self.totals += page.total.unwrap_or_default();
        match (stopped, read) {
            (Some(fault), _) => Err(Refused::Content(fault)),
            (None, Ok(())) => Ok(page),
            (None, Err(error)) if error.classify() == Category::Io => {
                Err(Refused::Read(error.into()))
            }
            (None, Err(error)) => Err(Refused::Content(Fault::DirectoryNotJson {
                line: error.line(),
                column: error.column(),
            })),
        }
    }

    /// Takes in one user or group; whether it was one.
    fn take(&mut self, resource: &Resource) -> Result<bool, Fault> {
        if resource.is_user() {
            self.user(resource)?;
        } else if resource.is_group() {
            self.group(resource)?;
        } else {
            return Ok(false);
        }
        self.resources += 1;
        Ok(true)
    }

    fn user(&mut self, user: &Resource) -> Result<(), Fault> {
        let address = user.address();
        let Some(name) = address.or(user.name()) else {
            self.nameless_count += 1;
            self.nameless.get_or_insert_default();
            return Ok(());
        };
        let (person, is_new) = self.builder.person(name)?;
        if address.is_none() && is_new {
            self.builder.without_address(person);
            self.nameless_count += 1;
            self.nameless.get_or_insert_with(|| name.to_owned());
        }
        if let Some(id) = &user.id {
            let id = self.id(id)?;
            self.merged += u64::from(!is_new && self.people[id] != person + 1);
            self.people[id] = person + 1;
        }
        for group in &user.groups {
            match (&group.display, &group.value) {
                (Some(display), _) if !display.is_empty() => {
                    self.builder.has(person, self.groups_claim, display)?;
                }
                (_, Some(id)) => {
                    let id = self.id(id)?;
                    self.unnamed.push((person, id as u32));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn group(&mut self, group: &Resource) -> Result<(), Fault> {
        let Some(name) = group.display_name.as_ref().or(group.id.as_ref()) else {
            return Ok(());
        };
        if let Some(id) = &group.id {
            let id = self.id(id)?;
            let (label, _) = self.labels.number(name).map_err(|_| full())?;
            self.named[id] = label + 1;
        }
        if let (Some(id), Some(name)) = (&group.id, &group.display_name) {
            self.builder.group_id(id, name)?;
        }
        let value = self.builder.value(self.groups_claim, name)?;
        for member in group.members.iter().filter(|member| !member.is_group()) {
            let Some(id) = &member.value else {
                continue;
            };
            let id = self.id(id)?;
            match self.people[id] {
                0 => self.members.push((id as u32, value)),
                person => self.builder.has_value(person - 1, value)?,
            }
        }
        Ok(())
    }

    /// Takes in one user by these names.
    pub(super) fn put_user(
        &mut self,
        id: String,
        address: Option<String>,
        name: String,
    ) -> Result<(), Fault> {
        self.user(&Resource::of_user(id, address, name))?;
        self.resources += 1;
        Ok(())
    }

    /// Takes in a group, or more members of one.
    pub(super) fn put_group(
        &mut self,
        id: String,
        name: String,
        members: Vec<String>,
    ) -> Result<(), Fault> {
        self.group(&Resource::of_group(id, name, members))
    }

    fn id(&mut self, id: &str) -> Result<usize, Fault> {
        let (number, is_new) = self.ids.number(id).map_err(|_| full())?;
        if is_new {
            self.people.push(0);
            self.named.push(0);
        }
        Ok(number as usize)
    }

    /// Members who came before their users; how many have none, and the first one's group.
    fn resolve_members(&mut self) -> Option<(u64, String)> {
        let (mut unknown, mut first) = (0, None);
        for (id, value) in std::mem::take(&mut self.members) {
            match self.people[id as usize] {
                // Groups within groups are no people.
                0 if self.named[id as usize] != 0 => {}
                0 => {
                    unknown += 1;
                    first.get_or_insert(value);
                }
                // More than the most is left out, and was told where the most came.
                person => self
                    .builder
                    .has_value(person - 1, value)
                    .unwrap_or_default(),
            }
        }
        let group = shown(self.builder.text(first?), 100);
        Some((unknown, group))
    }

    /// Groups that users named by their `id` alone.
    fn resolve_unnamed(&mut self) {
        for (person, id) in std::mem::take(&mut self.unnamed) {
            let name = match self.named[id as usize] {
                0 => self.ids.text(id),
                label => self.labels.text(label - 1),
            };
            // As above.
            let _ = self.builder.has(person, self.groups_claim, name);
        }
    }
}

fn full() -> Fault {
    Fault::DirectoryTooLarge {
        what: "bytes of names".to_owned(),
        limit: super::MOST_BYTES,
    }
}

#[cfg(test)]
mod tests;
