//! The `Link` header (RFC 8288), as far as paging goes.

use url::Url;

use crate::http::PageAnswer;

/// Where the next page is, if there is one.
pub(super) fn next(asked: &Url, answer: &PageAnswer) -> Option<Url> {
    let all = answer.headers.get_all("link").iter();
    let target = all
        .filter_map(|value| value.to_str().ok())
        .find_map(of_header)?;
    asked.join(target).ok()
}

/// The target of the first link of this header that leads to the next page.
fn of_header(mut rest: &str) -> Option<&str> {
    loop {
        let (_, opened) = rest.split_once('<')?;
        let (target, after) = opened.split_once('>')?;
        // An address has no `<` in it, so the next one begins another link.
        let end = after.find('<').unwrap_or(after.len());
        if after[..end].split([';', ',']).any(is_next) {
            return Some(target);
        }
        rest = &after[end..];
    }
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    name.trim().eq_ignore_ascii_case("rel")
        && value
            .trim()
            .trim_matches('"')
            .split_ascii_whitespace()
            .any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_other_links() {
        for header in [
            "<https://a/2>; rel=\"next\"",
            "<https://a/1>; rel=\"self\", <https://a/2>; rel=\"next\"",
            "<https://a/2>;rel=next;title=\"x, y\", <https://a/9>; rel=\"last\"",
            "<https://a/1>; rel=self,<https://a/2>; title=x; REL=\"prev next\"",
        ] {
            assert_eq!(of_header(header), Some("https://a/2"), "{header}");
        }
    }

    #[test]
    fn other_links_lead_nowhere() {
        for header in [
            "",
            "<https://a/1>; rel=\"self\"",
            "https://a/2; rel=next",
            "<https://a/2",
            "<https://a/2>; rel=\"nextish\"",
        ] {
            assert_eq!(of_header(header), None, "{header}");
        }
    }
}
