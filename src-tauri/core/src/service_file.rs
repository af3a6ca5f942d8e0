//! A described service as a file of its own, to be handed to whoever sets up the next workspace.

use serde::{Deserialize, Serialize};

use crate::json;
use crate::set_up::{DescribedService, LARGEST, ServiceChoice, SetUp, Unusable};

/// The file: one JSON document, `format: "latchkey-service/1"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceFile {
    format: Format,
    service: DescribedService,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "latchkey-service/1")]
    Service1,
}

/// Why a file gives no service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is neither of the two files.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// It is a set-up file, and names its service by its id alone.
    #[error("is a set-up with the built-in service {id}; a service is described in none")]
    BuiltIn {
        /// The service's id.
        id: String,
    },
}

/// Reads a service from its own file, or from a set-up file that describes one.
///
/// # Errors
/// [`Error`], with the field or the line and what is expected there.
pub fn read(bytes: &[u8]) -> Result<DescribedService, Error> {
    if bytes.len() > LARGEST {
        return Err(Unusable::TooLarge { limit: LARGEST }.into());
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if !is_set_up(bytes) {
        let read: ServiceFile = json::document(bytes).map_err(Unusable::from)?;
        return Ok(read.service);
    }
    match SetUp::read(bytes)?.workspace.service {
        ServiceChoice::Described(service) => Ok(service),
        ServiceChoice::BuiltIn(id) => Err(Error::BuiltIn {
            id: crate::text::shown(&id, 100),
        }),
    }
}

/// The service as it is written to its file: indented, with a line break at the end.
pub fn written(service: &DescribedService) -> String {
    let file = ServiceFile {
        format: Format::Service1,
        service: service.clone(),
    };
    // Strings and lists only: there is nothing in it that JSON cannot write.
    let mut text = serde_json::to_string_pretty(&file).expect("a service is plain data");
    text.push('\n');
    text
}

/// A file that has a connection is a set-up, whatever else is wrong with it.
fn is_set_up(bytes: &[u8]) -> bool {
    let read: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_slice(bytes);
    read.is_ok_and(|members| members.contains_key("connection"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> DescribedService {
        DescribedService {
            name: "Acme Desk".to_owned(),
            login_redirect_url: "https://desk.acme.example/callback".to_owned(),
            audience: "desk".to_owned(),
            roles: vec!["Admin".to_owned(), "Agent".to_owned()],
            fallback: "Guest".to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        assert_eq!(read(written(&service()).as_bytes()), Ok(service()));
    }

    #[test]
    fn a_set_up_gives_the_service_that_it_describes_and_no_other() {
        let mut set_up = SetUp::default();
        let built_in = read(set_up.written().as_bytes());
        assert_eq!(
            built_in,
            Err(Error::BuiltIn {
                id: "torq".to_owned()
            })
        );
        set_up.workspace.service = ServiceChoice::Described(service());
        assert_eq!(read(set_up.written().as_bytes()), Ok(service()));
    }

    #[test]
    fn anything_else_is_refused_where_it_does_not_fit() {
        let good = written(&service());
        for (text, path) in [
            (String::new(), "the top"),
            ("[]".to_owned(), "the top"),
            (good.replace("/1", "/2"), "format"),
            (good.replace("\"roles\"", "\"rolls\""), "service"),
            (good.replace("\"Agent\"", "7"), "service.roles[1]"),
            (
                good.replace("\"name\"", "\"client_secret\": \"x\", \"name\""),
                "service",
            ),
            (format!("{good} x"), "the end"),
        ] {
            let refused = read(text.as_bytes());
            let Err(Error::Unusable(Unusable::Shape {
                path: at, reason, ..
            })) = refused
            else {
                panic!("{text}: {refused:?}");
            };
            assert!(at.starts_with(path), "{text}: {at} ({reason})");
        }
        let large = vec![b' '; LARGEST + 1];
        assert!(matches!(
            read(&large),
            Err(Error::Unusable(Unusable::TooLarge { .. }))
        ));
    }
}
