//! Asking the name server, so that a name without an address is told apart from all else.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The name has no address, or no name server could be asked.
#[derive(Debug, thiserror::Error)]
#[error("the name could not be found")]
pub(super) struct NameNotFound;

/// The operating system's own resolution of names.
pub(super) struct Names;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Port 0 is replaced by the address' own.
            match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(found) => Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs),
                Err(_) => Err(NameNotFound.into()),
            }
        })
    }
}
