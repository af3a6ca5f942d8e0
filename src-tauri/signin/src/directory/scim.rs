//! SCIM 2.0 (RFC 7644, section 3.4.2.4): users, then groups, by `startIndex` and `count`.

use latchkey_core::Fault;
use latchkey_core::people::Gathered;
use url::Url;

/// How many are asked for at once. A server may give fewer.
const COUNT: u64 = 200;

/// Where it is in the two lists.
pub(super) struct Scim {
    base: Url,
    list: Option<Kind>,
    /// The first that has not come yet, counted from 1.
    start: u64,
    users: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Users,
    Groups,
}

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Groups => "Groups",
        }
    }
}

impl Scim {
    pub(super) fn new(address: &Url) -> Self {
        let mut base = address.clone();
        let path = address.path().trim_end_matches('/');
        // Whoever copies the address of the list means its server.
        let path = path
            .strip_suffix("/Users")
            .or(path.strip_suffix("/Groups"))
            .unwrap_or(path);
        base.set_path(&format!("{path}/"));
        Self {
            base,
            list: Some(Kind::Users),
            start: 1,
            users: None,
        }
    }

    pub(super) fn next(&self) -> Option<Url> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path(), self.list?.path()));
        url.query_pairs_mut()
            .append_pair("startIndex", &self.start.to_string())
            .append_pair("count", &COUNT.to_string());
        Some(url)
    }

    pub(super) fn what(&self) -> &'static str {
        match self.list {
            Some(Kind::Groups) => "groups",
            _ => "users",
        }
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.users
    }

    /// Some servers have users only. What came with them is all there is.
    pub(super) fn lists_no_groups(&mut self, status: u16) -> bool {
        let has_none =
            self.list == Some(Kind::Groups) && self.start == 1 && matches!(status, 404 | 501);
        if has_none {
            self.list = None;
        }
        has_none
    }

    pub(super) fn take(&mut self, gathered: &mut Gathered, body: &[u8]) -> Result<(), Fault> {
        let page = gathered.page(body)?;
        if let Some(came) = page
            .start
            .filter(|start| page.came > 0 && *start != self.start)
        {
            return Err(Fault::DirectoryPageDiffers {
                asked: self.start,
                came,
            });
        }
        if self.list == Some(Kind::Users) {
            self.users = page.total.or(self.users);
        }
        self.start += page.came;
        let is_last = page.came == 0 || page.total.is_some_and(|total| self.start > total);
        if is_last {
            self.start = 1;
            self.list = match self.list {
                Some(Kind::Users) => Some(Kind::Groups),
                _ => None,
            };
        }
        Ok(())
    }

    /// That fewer people came than the server said it has.
    pub(super) fn fewer(&self, people: usize) -> Option<Fault> {
        let total = self.users?;
        let came = people as u64;
        (came < total).then_some(Fault::DirectoryListIncomplete { came, total })
    }
}
