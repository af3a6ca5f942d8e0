//! Putting what was decrypted where the encrypted element stood.

use std::collections::HashSet;

use roxmltree::Node;
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::xml;

/// The text of the whole document with `sealed` replaced by the one element that `plain` holds.
///
/// `context` is the encrypted element as it was sent: the plain text may use namespaces that only
/// the elements around it declare.
///
/// # Errors
/// [`Fault::DecryptedMalformed`], unless it is one element of this name, and nothing else.
pub(crate) fn opened(
    sealed: Node<'_, '_>,
    context: Node<'_, '_>,
    plain: &str,
    names: &[(&str, &str)],
) -> Result<Zeroizing<String>, Fault> {
    let element = standing_alone(context, plain, names)?;
    let around = sealed.document().input_text();
    let range = sealed.range();
    let mut text = Zeroizing::new(String::with_capacity(around.len() + element.len()));
    text.push_str(&around[..range.start]);
    text.push_str(&element);
    text.push_str(&around[range.end..]);
    Ok(text)
}

/// The element alone, with the declarations that it takes from the elements around it.
fn standing_alone(
    context: Node<'_, '_>,
    plain: &str,
    names: &[(&str, &str)],
) -> Result<Zeroizing<String>, Fault> {
    let wrong = || Fault::DecryptedMalformed {};
    let element = element(plain);
    let bounds = xml::Limits::MESSAGE;
    let is_one = |node: Node<'_, '_>| names.iter().any(|name| node.has_tag_name(*name));
    if let Ok(checked) = xml::Checked::new(element.as_bytes(), &bounds)
        && let Ok(document) = checked.parse()
        && is_one(document.root_element())
    {
        return Ok(Zeroizing::new(element.to_owned()));
    }
    let tag_end = name_end(element).ok_or_else(wrong)?;
    let declared = declared(&element[tag_end..]);
    let mut whole = Zeroizing::new(String::with_capacity(element.len() + 1024));
    whole.push_str(&element[..tag_end]);
    for namespace in context.namespaces() {
        let prefix = namespace.name().unwrap_or_default();
        if prefix == "xml" || declared.contains(prefix) {
            continue;
        }
        let colon = if prefix.is_empty() { "" } else { ":" };
        whole.push_str(&format!(
            " xmlns{colon}{prefix}=\"{}\"",
            escaped(namespace.uri())
        ));
    }
    whole.push_str(&element[tag_end..]);
    let checked = xml::Checked::new(whole.as_bytes(), &bounds).map_err(|_| wrong())?;
    let document = checked.parse().map_err(|_| wrong())?;
    if !is_one(document.root_element()) {
        return Err(wrong());
    }
    drop(document);
    drop(checked);
    Ok(whole)
}

/// Without byte order mark, declaration and white space around it.
fn element(plain: &str) -> &str {
    let plain = plain.trim_start_matches('\u{FEFF}').trim();
    match plain
        .strip_prefix("<?xml ")
        .and_then(|rest| rest.split_once("?>"))
    {
        Some((_, element)) => element.trim_start(),
        None => plain,
    }
}

/// Where the name of the first tag ends.
fn name_end(element: &str) -> Option<usize> {
    let name = element.strip_prefix('<')?;
    name.find([' ', '\t', '\r', '\n', '/', '>'])
        .map(|end| end + 1)
}

/// The prefixes that the first tag declares itself; empty for the default namespace.
fn declared(mut rest: &str) -> HashSet<&str> {
    let mut found = HashSet::new();
    while let Some(start) = rest.find(|c: char| !c.is_ascii_whitespace()) {
        rest = &rest[start..];
        let Some(equals) = rest.find(['=', '>']) else {
            break;
        };
        if rest[equals..].starts_with('>') {
            break;
        }
        let name = rest[..equals].trim_end();
        if name == "xmlns" {
            found.insert("");
        } else if let Some(prefix) = name.strip_prefix("xmlns:") {
            found.insert(prefix);
        }
        rest = rest[equals + 1..].trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            break;
        };
        let Some((_, behind)) = rest[1..].split_once(quote) else {
            break;
        };
        rest = behind;
    }
    found
}

fn escaped(uri: &str) -> String {
    uri.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
