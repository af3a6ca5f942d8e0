//! Asking the name server, so that a name without an address is told apart from all else.

use std::net::IpAddr;

use latchkey_core::server::{is_inside, is_own_name};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The name has no address, or no name server could be asked.
#[derive(Debug, thiserror::Error)]
#[error("the name could not be found")]
pub(super) struct NameNotFound;

/// A name that anybody can ask for has an address of this computer or of a private network.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to {0}")]
pub(super) struct LeadsInside(pub(super) IpAddr);

/// The operating system's own resolution of names.
#[derive(Clone, Copy)]
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

/// Names whose answers are looked at before any connection is made: one that is not of a private
/// network by its form must not lead into one. An address that is written as numbers is nobody's
/// pretence, and never comes here.
pub(super) struct PublicNames<R>(pub(super) R);

impl<R: Resolve> Resolve for PublicNames<R> {
    fn resolve(&self, name: Name) -> Resolving {
        let own = is_own_name(name.as_str());
        let asked = self.0.resolve(name);
        Box::pin(async move {
            let found: Vec<_> = asked.await?.collect();
            // One of several is enough: which of them is connected to is not ours to choose.
            match found.iter().find(|address| is_inside(address.ip())) {
                Some(inside) if !own => Err(LeadsInside(inside.ip()).into()),
                _ => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}
