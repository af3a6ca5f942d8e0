//! What each column of a CSV file means, and how sure that is.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::encoding::Encoding;
use crate::text::shown;

/// How a CSV file is read. Found out by looking at its beginning; whoever knows better changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Mapping {
    /// How it writes its characters.
    pub encoding: Encoding,
    /// What stands between two fields.
    pub delimiter: char,
    /// Whether the first line names the columns.
    pub header: bool,
    /// What stands between two groups of one field.
    pub separator: char,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

/// What a person knows of a file, whatever it looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Known {
    /// How it writes its characters.
    pub encoding: Option<Encoding>,
    /// What stands between two fields.
    pub delimiter: Option<char>,
    /// Whether the first line names the columns.
    pub header: Option<bool>,
}

impl Known {
    /// What a mapping leaves open of a file: its columns.
    pub fn of(mapping: &Mapping) -> Self {
        Self {
            encoding: Some(mapping.encoding),
            delimiter: Some(mapping.delimiter),
            header: Some(mapping.header),
        }
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Column {
    /// Its name in the file; empty where the file names none.
    pub name: String,
    /// What is in it.
    pub meaning: Meaning,
    /// How sure that is.
    pub sure: Sure,
}

impl Column {
    /// What to call it, where it is the one of this index.
    pub(super) fn called(&self, index: usize) -> String {
        match &*self.name {
            "" => format!("column {}", index + 1),
            name => shown(name, 60),
        }
    }
}

/// What is in a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The address, by which people are told apart.
    Email,
    /// The groups, several in one field.
    Groups,
    /// The identifiers of the groups that the column of groups names, in the same order.
    GroupIds,
    /// Another claim of this name, several values in one field.
    Values(String),
    /// Another claim of this name, one value in each field.
    Value(String),
    /// Nothing that is needed.
    Nothing,
}

/// How sure the meaning of a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// Its name says so.
    ByName,
    /// What is in it says so.
    ByContent,
    /// Nothing else was left.
    Guessed,
}

/// The meaning of each column, by its name where there is one and by what the first rows hold.
pub(super) fn meanings(names: &[String], rows: &[Vec<String>]) -> Vec<Column> {
    let mut columns: Vec<Column> = names
        .iter()
        .map(|name| Column {
            name: name.clone(),
            meaning: Meaning::Nothing,
            sure: Sure::Guessed,
        })
        .collect();
    let (email, sure) = match email_by_name(names) {
        Some(index) => (Some(index), Sure::ByName),
        None => (email_by_content(names.len(), rows), Sure::ByContent),
    };
    if let Some(email) = email {
        columns[email].meaning = Meaning::Email;
        columns[email].sure = sure;
    }
    let has_groups = names.iter().any(|name| is_groups(name));
    for (index, column) in columns.iter_mut().enumerate() {
        if Some(index) != email {
            (column.meaning, column.sure) = meaning(index, &column.name, has_groups, rows);
        }
    }
    if !columns
        .iter()
        .any(|column| column.meaning == Meaning::Groups)
    {
        guess_groups(&mut columns, rows);
    }
    columns
}

/// Whether a field is an address and nothing else.
pub(crate) fn is_address(field: &str) -> bool {
    let Some((local, domain)) = field.trim().split_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part
                .contains(|c: char| c.is_whitespace() || c.is_control() || "@,;|\"<>".contains(c))
    };
    plain(local) && plain(domain)
}

/// The address in a field of a column of addresses: neither the name that may stand before it
/// (`Ana <ana@acme.example>`) nor `mailto:` is part of it.
pub(super) fn bare(field: &str) -> &str {
    let field = field.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let inside = field.strip_suffix('>').and_then(|it| it.rsplit_once('<'));
    let field = match inside {
        Some((_, inside)) if is_address(inside) => inside,
        _ => field,
    };
    let (scheme, rest) = field.split_at_checked("mailto:".len()).unwrap_or(("", ""));
    match scheme.eq_ignore_ascii_case("mailto:") && is_address(rest) {
        true => rest,
        false => field,
    }
}

/// Whether a column of this name holds the address.
pub(super) fn is_email(name: &str) -> bool {
    EMAIL.contains(&&*plain(name))
}

/// Whether a column of this name is known to hold something.
pub(super) fn is_known(name: &str) -> bool {
    is_email(name)
        || is_groups(name)
        || IDS.contains(&&*plain(name))
        || LISTS.contains(&&*plain(name))
}

/// The names of columns with an address, the surest first.
const EMAIL: [&str; 24] = [
    "email",
    "emailaddress",
    "mail",
    "primaryemail",
    "workemail",
    "useremail",
    "emailid",
    "useremailaddress",
    "emailadresse",
    "adresseemail",
    "correoelectrónico",
    "indirizzoemail",
    "メールアドレス",
    "userprincipalname",
    "upn",
    "username",
    "login",
    "userlogin",
    "user",
    "member",
    "memberemail",
    "memberemailaddress",
    "memberkey",
    "person",
];

const GROUPS: [&str; 27] = [
    "group",
    "groups",
    "groupname",
    "groupnames",
    "groupdisplayname",
    "memberof",
    "membership",
    "memberships",
    "groupmembership",
    "groupmemberships",
    "groupemail",
    "groupemailaddress",
    "usergroup",
    "usergroups",
    "team",
    "teams",
    "gruppe",
    "gruppen",
    "groupe",
    "groupes",
    "grupo",
    "grupos",
    "gruppo",
    "gruppi",
    "groep",
    "groepen",
    "グループ",
];

/// The identifiers beside the names of groups; alone they are the groups.
const IDS: [&str; 5] = [
    "groupid",
    "groupids",
    "groupobjectid",
    "groupobjectids",
    "memberofids",
];

const LISTS: [&str; 4] = ["role", "roles", "entitlements", "departments"];

/// Small letters and digits only: `E-Mail Address` and `emailAddress` are one name, and so is
/// Google's `Email Address [Required]`.
fn plain(name: &str) -> String {
    let name = name.split_once(" [").map_or(name, |(name, _)| name);
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_groups(name: &str) -> bool {
    let plain = plain(name);
    GROUPS.contains(&plain.trim_end_matches(|c: char| c.is_ascii_digit()))
}

fn email_by_name(names: &[String]) -> Option<usize> {
    EMAIL
        .iter()
        .find_map(|known| names.iter().position(|name| plain(name) == *known))
}

/// The column in which most of the first rows have an address.
fn email_by_content(columns: usize, rows: &[Vec<String>]) -> Option<usize> {
    let addresses = |index: usize| {
        let of_row =
            |row: &&Vec<String>| row.get(index).is_some_and(|field| is_address(bare(field)));
        rows.iter().filter(of_row).count()
    };
    (0..columns)
        .map(|index| (addresses(index), index))
        .filter(|(count, _)| *count > 0 && 2 * count >= rows.len())
        // The first of those that have as many.
        .max_by_key(|(count, index)| (*count, std::cmp::Reverse(*index)))
        .map(|(_, index)| index)
}

fn meaning(index: usize, name: &str, has_groups: bool, rows: &[Vec<String>]) -> (Meaning, Sure) {
    if is_groups(name) || (!has_groups && IDS.contains(&&*plain(name))) {
        return (Meaning::Groups, Sure::ByName);
    }
    if LISTS.contains(&&*plain(name)) {
        return (Meaning::Values(name.to_owned()), Sure::ByName);
    }
    if has_groups && IDS.contains(&&*plain(name)) {
        return (Meaning::GroupIds, Sure::ByName);
    }
    let fields = || rows.iter().filter_map(|row| row.get(index));
    if !has_groups && fields().any(|field| field.contains(';')) {
        return (Meaning::Groups, Sure::ByContent);
    }
    if name.trim().is_empty() || name == "email" {
        return (Meaning::Nothing, Sure::Guessed);
    }
    (Meaning::Value(name.to_owned()), Sure::ByName)
}

/// Without a name and without a list, groups are what is neither the address nor everybody's own.
fn guess_groups(columns: &mut [Column], rows: &[Vec<String>]) {
    let nameless = columns.iter().all(|column| column.name.is_empty());
    if !nameless {
        return;
    }
    let others = columns
        .iter()
        .filter(|column| column.meaning != Meaning::Email);
    let only_one = others.count() == 1;
    for (index, column) in columns.iter_mut().enumerate() {
        if column.meaning != Meaning::Email && (only_one || !is_everybodys_own(index, rows)) {
            column.meaning = Meaning::Groups;
            column.sure = Sure::Guessed;
        }
    }
}

/// Whether hardly two rows have the same in this column: names, numbers of staff.
fn is_everybodys_own(index: usize, rows: &[Vec<String>]) -> bool {
    let fields: Vec<&String> = rows.iter().filter_map(|row| row.get(index)).collect();
    let different: std::collections::HashSet<&String> = fields.iter().copied().collect();
    fields.len() >= 4 && different.len() * 10 > fields.len() * 9
}
