//! One page of a list: larger than other answers, and with what its headers say.

use latchkey_core::Fault;
use openidconnect::http::{HeaderMap, HeaderValue, header};
use url::Url;

use super::{Http, bounded, failure};

/// The largest page that is read, in bytes: 200 groups with their members.
const LARGEST: usize = 16 * 1024 * 1024;

/// A page as it came. An answer with an error status is an answer.
pub(crate) struct PageAnswer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Http {
    /// Asks for a page of a list with a token in the `Authorization` header.
    ///
    /// # Errors
    /// The fault that kept the answer from coming.
    pub(crate) async fn page(
        &self,
        url: &Url,
        authorization: HeaderValue,
    ) -> Result<PageAnswer, Fault> {
        let named = |error: reqwest::Error| failure::fault(url, &error, &self.trust, self.seconds);
        let request = self
            .client(url)
            .get(url.clone())
            .header(header::ACCEPT, "application/scim+json, application/json")
            .header(header::AUTHORIZATION, authorization);
        let response = request.send().await.map_err(named)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = bounded(url, response, LARGEST).await?.map_err(named)?;
        Ok(PageAnswer {
            status,
            headers,
            body,
        })
    }
}

impl PageAnswer {
    /// A header as text; the first where there are several.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
