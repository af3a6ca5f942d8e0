//! What a person could read of a web page, and the form with which it answers for itself.

use zeroize::Zeroizing;

use super::message::Pairs;

/// The most text of a page that is kept, in bytes.
const LONGEST: usize = 24 * 1024;

/// Elements whose content nobody reads.
const UNSEEN: [&str; 6] = ["script", "style", "template", "noscript", "svg", "option"];

/// The text of a page: no script, no style, nothing hidden. Codes of Microsoft's that stand in its
/// scripts are added, since its pages are made there.
pub(super) fn visible(page: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::new());
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        push(&mut out, &rest[..open]);
        rest = &rest[open..];
        if rest.starts_with("<!--") {
            rest = rest.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let name = name_of(tag);
        if UNSEEN.contains(&name.as_str()) || (is_hidden(tag) && !is_void(&name)) {
            rest = behind(rest, &name);
        } else {
            push(&mut out, " ");
        }
        if out.len() > LONGEST {
            break;
        }
    }
    push(&mut out, if rest.contains('<') { "" } else { rest });
    for (at, _) in page.match_indices("AADSTS").take(5) {
        let end = page.floor_char_boundary((at + 600).min(page.len()));
        let said = page[at..end].split(['"', '<']).next().unwrap_or_default();
        if !out.contains(said) {
            out.push(' ');
            out.push_str(said);
        }
    }
    for said in of_config(page) {
        push(&mut out, " ");
        push(&mut out, &said);
    }
    out
}

/// What a page has in the settings of its script for a person to read, and writes only when it runs:
/// Microsoft's pages of errors.
fn of_config(page: &str) -> impl Iterator<Item = String> {
    const NAMES: [(&str, &str); 5] = [
        ("\"strMainMessage\":\"", ""),
        ("\"strAdditionalMessage\":\"", ""),
        ("\"strServiceExceptionMessage\":\"", ""),
        ("\"iErrorCode\":", "Microsoft error code "),
        ("\"sErrorCode\":\"", "Microsoft error code "),
    ];
    /// The longest of them, in bytes.
    const LONGEST_SAID: usize = 600;
    NAMES.into_iter().filter_map(|(name, before)| {
        let rest = &page[page.find(name)? + name.len()..];
        let rest = &rest[..rest.floor_char_boundary(LONGEST_SAID.min(rest.len()))];
        let said = rest.split(['"', ',', '<']).next()?.trim();
        (!said.is_empty()).then(|| format!("{before}{said}"))
    })
}

fn push(out: &mut String, text: &str) {
    let room = LONGEST.saturating_sub(out.len());
    out.push_str(&text[..text.floor_char_boundary(room.min(text.len()))]);
}

fn name_of(tag: &str) -> String {
    let name = tag
        .split(|c: char| c.is_ascii_whitespace() || c == '/')
        .next()
        .unwrap_or_default();
    name.to_ascii_lowercase()
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "input" | "img" | "br" | "hr" | "meta" | "link" | "source" | "wbr" | ""
    )
}

fn is_hidden(tag: &str) -> bool {
    let compact: String = tag.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.to_ascii_lowercase();
    compact.contains("display:none")
        || tag
            .split_ascii_whitespace()
            .skip(1)
            .any(|word| word.trim_end_matches('/') == "hidden" || word.starts_with("hidden="))
}

/// What follows the element that was just opened.
fn behind<'a>(page: &'a str, name: &str) -> &'a str {
    let mut depth = 1;
    let mut rest = page;
    // Bounded: each turn takes at least one character away.
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        let closes = rest.starts_with('/');
        let tag = rest.trim_start_matches('/');
        let is_same = tag
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
            && !tag[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        if !is_same {
            continue;
        }
        if !closes && UNSEEN.contains(&name) {
            // The content of a script is text: what opens in it opens nothing.
            continue;
        }
        depth += if closes { -1 } else { 1 };
        if depth == 0 {
            return rest.split_once('>').map_or("", |(_, after)| after);
        }
    }
    ""
}

/// A form that carries an answer, with where it goes: a page that posts itself.
pub(super) fn form(page: &str) -> Option<(String, Pairs)> {
    const CARRIED: [&str; 4] = ["SAMLResponse", "SAMLRequest", "id_token", "code"];
    if !CARRIED.iter().any(|name| page.contains(name)) {
        return None;
    }
    let mut action = String::new();
    let mut pairs = Pairs::default();
    for tag in page.split('<').skip(1).take(20_000) {
        let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
        match name_of(tag).as_str() {
            "form" if carries(&pairs, &CARRIED) => break,
            "form" => {
                action = attribute(tag, "action").unwrap_or_default();
                pairs.0.clear();
            }
            "input" => {
                if let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, "value"))
                {
                    pairs.0.push((name, Zeroizing::new(value)));
                }
            }
            _ => {}
        }
    }
    carries(&pairs, &CARRIED).then_some((action, pairs))
}

fn carries(pairs: &Pairs, names: &[&str]) -> bool {
    names.iter().any(|name| pairs.has(name))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower.get(from..)?.find(name)?;
        let before = tag[..at].chars().next_back();
        let rest = tag[at + name.len()..].trim_start();
        from = at + name.len();
        let Some(rest) = rest
            .strip_prefix('=')
            .filter(|_| before.is_some_and(char::is_whitespace))
        else {
            continue;
        };
        let rest = rest.trim_start();
        let value = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next().unwrap_or_default(),
            _ => rest.split_ascii_whitespace().next().unwrap_or_default(),
        };
        return Some(referenced(value));
    }
}

/// The longest character reference that is read, in bytes: `&#x10FFF;` and a digit more.
const LONGEST_REFERENCE: usize = 10;

/// Character references of HTML that addresses and base64 are written with.
fn referenced(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .bytes()
            .take(LONGEST_REFERENCE)
            .position(|byte| byte == b';');
        let character = end.and_then(|end| reference(&rest[1..end]));
        match (character, end) {
            (Some(character), Some(end)) => {
                out.push(character);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    let code = match name {
        "amp" => return Some('&'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "plus" => return Some('+'),
        "equals" => return Some('='),
        "sol" => return Some('/'),
        "colon" => return Some(':'),
        _ => name.strip_prefix('#')?,
    };
    let code = match code.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => code.parse(),
    };
    char::from_u32(code.ok()?)
}
