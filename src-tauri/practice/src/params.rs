use axum::http::{HeaderMap, header};
use url::form_urlencoded;

/// The longest query that is read, in bytes.
const QUERY_LIMIT: usize = 16 * 1024;

/// The parameters of a query or of a form body, as OAuth reads them: a parameter without a value
/// counts as left out, and none may be there twice (RFC 6749, 3.1 and 3.2).
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Params(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The parameters of a query; `None` when it is longer than is read.
    pub(crate) fn of_query(query: Option<&str>) -> Option<Self> {
        let query = query.unwrap_or_default();
        (query.len() <= QUERY_LIMIT).then(|| Params::parse(query.as_bytes()))
    }

    /// The parameters of a form body; `None` when the content type is another.
    pub(crate) fn of_form(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        essence
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
            .then(|| Params::parse(body))
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Puts this value in the place of every one of that name.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// The words of a space-separated value, in the order given.
    pub(crate) fn words(&self, name: &str) -> impl Iterator<Item = &str> {
        self.value(name)
            .unwrap_or_default()
            .split_ascii_whitespace()
    }

    /// Whether the name is there more than once.
    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.0.iter().filter(|(key, _)| key == name).count() > 1
    }

    /// Whether any name is there more than once.
    pub(crate) fn repeats(&self) -> bool {
        self.0.iter().any(|(name, _)| self.is_repeated(name))
    }

    /// How many parameters there are; more than any honest request has are refused.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_without_a_value_counts_as_left_out() {
        let params = Params::parse(b"nonce=&state=x");
        assert_eq!(params.value("nonce"), None);
        assert_eq!(params.value("state"), Some("x"));
    }

    #[test]
    fn a_parameter_that_is_there_twice_is_noticed() {
        let params = Params::parse(b"a=1&b=2&a=");
        assert!(params.repeats() && params.is_repeated("a") && !params.is_repeated("b"));
        assert!(!Params::parse(b"a=1&b=2").repeats());
    }

    #[test]
    fn what_is_encoded_reads_back_the_same() {
        let params = Params::parse("state=%26%3D%20%C3%A9%22%3C&x=+".as_bytes());
        assert_eq!(Params::parse(params.encode().as_bytes()).0, params.0);
    }
}
