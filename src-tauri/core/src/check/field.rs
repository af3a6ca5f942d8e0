//! Checks that any field may need.

use crate::fault::Fault;
use crate::finding::Finding;
use crate::paste::clean::quoted;
use crate::rules::lint::letters;
use crate::text::misleads;

/// The longest value of a field, in bytes. Nothing real is longer; a paste of a whole file is.
const LONGEST: usize = 2_000;

/// A field that needs something in it.
pub(super) fn missing(path: &str) -> Finding {
    Finding::error(Fault::FieldMissing {
        field: path.to_owned(),
    })
    .at(path)
}

/// A choice that has to be made.
pub(crate) fn not_chosen(path: &str) -> Finding {
    Finding::error(Fault::ChoiceMissing {
        field: path.to_owned(),
    })
    .at(path)
}

/// A name: one line, not empty, white space allowed inside.
pub(crate) fn text(value: &str, path: &str, findings: &mut Vec<Finding>) -> bool {
    if value.trim().is_empty() {
        findings.push(missing(path));
        return false;
    }
    one_line(value, path, findings)
}

/// A name that people read, and that nothing is compared with.
pub(super) fn name(value: &str, path: &str, findings: &mut Vec<Finding>) {
    if !text(value, path, findings) {
        return;
    }
    let field = || path.to_owned();
    if let Some(placeholder) = placeholder(value) {
        let field = field();
        let fault = Fault::PlaceholderLeftIn { field, placeholder };
        findings.push(Finding::error(fault).at(path));
    } else if value != value.trim() {
        let field = field();
        findings.push(Finding::warning(Fault::FieldHasSpaceAround { field }).at(path));
    }
}

/// A letter in it that only looks like a Latin one, if there is one.
pub(super) fn lookalike(value: &str, path: &str, findings: &mut Vec<Finding>) {
    if let Some(fault) = letters::alike(value) {
        findings.push(Finding::warning(fault).at(path));
    }
}

/// A value without any white space: an address, an ID.
pub(super) fn word(value: &str, path: &str, findings: &mut Vec<Finding>) -> bool {
    if !text(value, path, findings) {
        return false;
    }
    if let Some(placeholder) = left_in(value) {
        findings.push(
            Finding::error(Fault::PlaceholderLeftIn {
                field: path.to_owned(),
                placeholder,
            })
            .at(path),
        );
        return false;
    }
    if let Some(mend) = unquoted(value) {
        findings.push(Finding::error(Fault::FieldIsQuoted { mend }).at(path));
        return false;
    }
    if value != value.trim() {
        findings.push(
            Finding::error(Fault::FieldHasSpaceAround {
                field: path.to_owned(),
            })
            .at(path),
        );
        return false;
    }
    if value.contains(char::is_whitespace) {
        findings.push(
            Finding::error(Fault::FieldHasSpaceInside {
                field: path.to_owned(),
            })
            .at(path),
        );
        return false;
    }
    true
}

/// The value without the quotation marks around it, if there are any.
pub(super) fn unquoted(value: &str) -> Option<String> {
    let value = value.trim();
    let braced = || value.strip_prefix('{')?.strip_suffix('}');
    let inside = quoted(value).or_else(|| braced().filter(|one| crate::text::is_guid(one)))?;
    (!inside.is_empty()).then(|| crate::text::shown(inside, 500))
}

/// At most [`LONGEST`] bytes, without line breaks and characters that mislead the eye.
pub(super) fn one_line(value: &str, path: &str, findings: &mut Vec<Finding>) -> bool {
    let field = || path.to_owned();
    if value.len() > LONGEST {
        let fault = Fault::FieldTooLong {
            field: field(),
            length: value.len(),
            limit: LONGEST,
        };
        findings.push(Finding::error(fault).at(path));
        return false;
    }
    if value.contains(misleads) {
        findings.push(Finding::error(Fault::FieldHasControlCharacters { field: field() }).at(path));
        return false;
    }
    true
}

/// An e-mail address: as much of RFC 5321 as every provider keeps to.
pub(crate) fn email(value: &str, path: &str, findings: &mut Vec<Finding>) {
    // As mail programs copy it: `Olivia Park <olivia@acme.example>` is no placeholder.
    let copied = placeholder(value).is_some_and(|inside| inside.contains('@'));
    if copied {
        let field = path.to_owned();
        findings.push(Finding::error(Fault::NotAnEmail { field }).at(path));
        return;
    }
    if !word(value, path, findings) {
        return;
    }
    if !crate::text::is_email(value) {
        findings.push(
            Finding::error(Fault::NotAnEmail {
                field: path.to_owned(),
            })
            .at(path),
        );
        return;
    }
    lookalike(value, path, findings);
}

/// The same in an address or an ID, where more is certain than in the name of a group.
pub(crate) fn left_in(value: &str) -> Option<String> {
    if let Some(placeholder) = placeholder(value) {
        return Some(placeholder);
    }
    // As a console shows a value that it hides.
    let masked = |c: char| matches!(c, '•' | '●' | '∙' | '*' | '…');
    if value.chars().filter(|c| masked(*c)).count() >= 3 {
        return Some(crate::text::shown(value, 20));
    }
    const NIL: &str = "00000000-0000-0000-0000-000000000000";
    const CAPITALS: [&str; 4] = ["CLIENT_ID", "CLIENT_SECRET", "TENANT_ID", "APP_ID"];
    const WORDS: [&str; 13] = [
        "your-",
        "your_",
        "yourorg",
        "yourokta",
        "yourapp",
        "changeme",
        "change-me",
        "replace-me",
        "replace_me",
        "placeholder",
        "insert-",
        "insert_",
        "xxxxx",
    ];
    const PARTS: [&str; 3] = ["tenant-id", "tenant_id", "tenantid"];
    // The name of the field itself.
    const FIELDS: [&str; 6] = [
        "clientid",
        "clientsecret",
        "entityid",
        "issuerurl",
        "signonurl",
        "redirecturi",
    ];
    let lower = value.to_ascii_lowercase();
    let letters: String = lower
        .chars()
        .filter(|c| !matches!(c, ' ' | '_' | '-'))
        .collect();
    if FIELDS.contains(&&*letters) {
        return Some(crate::text::shown(value, 100));
    }
    let capitals = CAPITALS.into_iter().find(|word| value.contains(word));
    let word = WORDS
        .into_iter()
        .chain([NIL])
        .find(|word| lower.contains(word));
    let part = || {
        PARTS
            .into_iter()
            .find(|part| lower.split('/').any(|one| one == *part))
    };
    capitals.or(word).or_else(part).map(str::to_owned)
}

/// What a guide says in place of a real value: `<your domain>`, `{tenant}`, `yourDomain.xyz`.
pub(crate) fn placeholder(value: &str) -> Option<String> {
    // As a browser writes braces in an address.
    if value.contains("%7") {
        let braces = [("%7B", "{"), ("%7b", "{"), ("%7D", "}"), ("%7d", "}")];
        let plain = braces
            .iter()
            .fold(value.to_owned(), |text, (from, to)| text.replace(from, to));
        if plain != value {
            return placeholder(&plain);
        }
    }
    for (open, close) in [('<', '>'), ('{', '}')] {
        let Some(start) = value.find(open) else {
            continue;
        };
        let Some(length) = value[start..].find(close) else {
            continue;
        };
        // A GUID in braces is a value as some consoles write it.
        if crate::text::is_guid(&value[start + 1..start + length]) {
            continue;
        }
        return Some(crate::text::shown(&value[start..=start + length], 100));
    }
    let lower = value.to_ascii_lowercase();
    [
        "yourdomain",
        "your-domain",
        "your_domain",
        "yourtenant",
        "your-tenant",
        "yourcompany",
    ]
    .into_iter()
    .find(|word| lower.contains(word))
    .map(str::to_owned)
}
