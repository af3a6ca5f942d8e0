//! Okta's management API: users, groups, then the members of each group, by `Link` headers.

use std::collections::VecDeque;

use latchkey_core::Fault;
use latchkey_core::people::Gathered;
use latchkey_core::people::okta::{self, Group};
use latchkey_core::server::same_server;
use url::Url;

use super::link;
use crate::http::PageAnswer;

/// Where it is.
pub(super) struct Okta {
    organization: Url,
    place: Place,
    groups: VecDeque<Group>,
}

enum Place {
    Users(Url),
    Groups(Url),
    /// Of the first of the groups.
    Members(Url),
    Done,
}

impl Okta {
    pub(super) fn new(address: &Url) -> Self {
        let mut organization = address.clone();
        organization.set_path("/api/v1/");
        let users = list(&organization, "users");
        Self {
            organization,
            place: Place::Users(users),
            groups: VecDeque::new(),
        }
    }

    pub(super) fn next(&self) -> Option<Url> {
        match &self.place {
            Place::Users(url) | Place::Groups(url) | Place::Members(url) => Some(url.clone()),
            Place::Done => None,
        }
    }

    pub(super) fn what(&self) -> &'static str {
        match self.place {
            Place::Groups(_) => "groups",
            Place::Members(_) => "the members of groups",
            Place::Users(_) | Place::Done => "users",
        }
    }

    pub(super) fn take(
        &mut self,
        gathered: &mut Gathered,
        asked: &Url,
        answer: &PageAnswer,
    ) -> Result<(), Fault> {
        // Before anything is taken in: a page is taken in whole or not at all.
        let next = self.following(asked, answer)?;
        match self.place {
            Place::Users(_) => {
                okta::users(gathered, &answer.body)?;
                self.place = match next {
                    Some(next) => Place::Users(next),
                    None => Place::Groups(list(&self.organization, "groups")),
                };
            }
            Place::Groups(_) => {
                self.groups.extend(okta::groups(gathered, &answer.body)?);
                self.place = match next {
                    Some(next) => Place::Groups(next),
                    None => self.members(),
                };
            }
            Place::Members(_) => {
                if let Some(group) = self.groups.front() {
                    okta::members(gathered, group, &answer.body)?;
                }
                self.place = match next {
                    Some(next) => Place::Members(next),
                    None => {
                        self.groups.pop_front();
                        self.members()
                    }
                };
            }
            Place::Done => {}
        }
        Ok(())
    }

    /// The members of the first group that is left.
    fn members(&self) -> Place {
        match self.groups.front() {
            Some(group) => Place::Members(members(&self.organization, &group.id)),
            None => Place::Done,
        }
    }

    /// The next page of the same list. The token goes to no other server.
    fn following(&self, asked: &Url, answer: &PageAnswer) -> Result<Option<Url>, Fault> {
        let Some(next) = link::next(asked, answer) else {
            return Ok(None);
        };
        let is_same = same_server(&next, &self.organization)
            && next.scheme() == self.organization.scheme()
            && next.port_or_known_default() == self.organization.port_or_known_default();
        if !is_same {
            return Err(Fault::DirectoryNextElsewhere {
                host: super::host(&self.organization),
                other: super::host(&next),
            });
        }
        // A page that is its own successor would never end.
        Ok((next != *asked).then_some(next))
    }
}

fn list(organization: &Url, name: &str) -> Url {
    let mut url = organization.clone();
    url.set_path(&format!("{}{name}", organization.path()));
    url.set_query(Some("limit=200"));
    url
}

fn members(organization: &Url, group: &str) -> Url {
    let mut url = organization.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["groups", group, "users"]);
    }
    url.set_query(Some("limit=1000"));
    url
}
