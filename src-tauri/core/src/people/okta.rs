//! What Okta's management API lists: `/api/v1/users`, `/api/v1/groups`, `/api/v1/groups/{id}/users`.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::scim::Gathered;
use crate::fault::Fault;

/// A group, of which the members are asked for next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Okta's identifier.
    pub id: String,
    /// The name, which is what a groups claim carries.
    pub name: String,
}

#[derive(Deserialize)]
struct User {
    id: String,
    #[serde(default)]
    profile: UserProfile,
}

#[derive(Default, Deserialize)]
struct UserProfile {
    login: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct GroupEntry {
    id: String,
    #[serde(default)]
    profile: GroupProfile,
}

#[derive(Default, Deserialize)]
struct GroupProfile {
    name: Option<String>,
}

/// Takes in a page of users; how many came.
///
/// # Errors
/// The fault that says why it is no page of users.
pub fn users(gathered: &mut Gathered, body: &[u8]) -> Result<usize, Fault> {
    let users: Vec<User> = list(body)?;
    let came = users.len();
    for User { id, profile } in users {
        let name = profile.login.unwrap_or_else(|| id.clone());
        let address = profile.email.filter(|email| !email.trim().is_empty());
        gathered.put_user(id, address, name)?;
    }
    Ok(came)
}

/// Takes in a page of groups, still without their members.
///
/// # Errors
/// The fault that says why it is no page of groups.
pub fn groups(gathered: &mut Gathered, body: &[u8]) -> Result<Vec<Group>, Fault> {
    let entries: Vec<GroupEntry> = list(body)?;
    let mut groups = Vec::with_capacity(entries.len());
    for GroupEntry { id, profile } in entries {
        let name = profile.name.unwrap_or_else(|| id.clone());
        gathered.put_group(id.clone(), name.clone(), Vec::new())?;
        groups.push(Group { id, name });
    }
    Ok(groups)
}

/// Takes in a page of a group's members; how many came.
///
/// # Errors
/// The fault that says why it is no page of users.
pub fn members(gathered: &mut Gathered, group: &Group, body: &[u8]) -> Result<usize, Fault> {
    let users: Vec<User> = list(body)?;
    let members: Vec<String> = users.into_iter().map(|user| user.id).collect();
    let came = members.len();
    gathered.put_group(group.id.clone(), group.name.clone(), members)?;
    Ok(came)
}

fn list<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, Fault> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Fault::DirectoryNotOkta {},
        _ => Fault::DirectoryNotJson {
            line: error.line(),
            column: error.column(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_groups_and_members_come_together() {
        let mut all = Gathered::default();
        let people = br#"[{"id":"u1","status":"ACTIVE","profile":{"login":"ana","email":"ana@acme.example"}},
                          {"id":"u2","profile":{"login":"bob@acme.example","email":null}},{"id":"u3"}]"#;
        assert_eq!(users(&mut all, people), Ok(3));
        let listed = groups(
            &mut all,
            br#"[{"id":"g1","type":"OKTA_GROUP","profile":{"name":"SecOps"}}]"#,
        )
        .unwrap();
        assert_eq!(members(&mut all, &listed[0], br#"[{"id":"u2"}]"#), Ok(1));
        assert_eq!(
            members(&mut all, &listed[0], br#"[{"id":"u1"},{"id":"gone"}]"#),
            Ok(2)
        );
        let import = all.finish();
        let groups = |name: &str| {
            let person = import.directory.find(name).unwrap();
            import.directory.claims(person).values("groups").to_vec()
        };
        assert_eq!(groups("ana@acme.example"), ["SecOps"]);
        assert_eq!(groups("bob@acme.example"), ["SecOps"]);
        assert_eq!(groups("u3"), [""; 0]);
        let codes: Vec<_> = import.findings.iter().map(|one| one.fault.code()).collect();
        assert_eq!(
            codes,
            [
                "directory_users_without_address",
                "directory_members_unknown"
            ]
        );
    }

    #[test]
    fn what_okta_does_not_send_is_refused() {
        let mut all = Gathered::default();
        for body in ["{\"errorCode\":\"E0000011\"}", "[{}]", "[1]", "\"x\""] {
            assert_eq!(
                users(&mut all, body.as_bytes()),
                Err(Fault::DirectoryNotOkta {}),
                "{body}"
            );
        }
        for body in ["", "<html>", "[{\"id\":\"u1\""] {
            assert_eq!(
                groups(&mut all, body.as_bytes()).unwrap_err().code(),
                "directory_not_json",
                "{body}"
            );
        }
    }
}
