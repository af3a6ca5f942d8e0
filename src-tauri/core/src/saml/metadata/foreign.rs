//! What gets given for metadata, by its own name.

use crate::fault::Fault;
use crate::text::shown;
use crate::xml::Node;

/// What no parser has to look at.
pub(super) fn before_parsing(bytes: &[u8]) -> Option<Fault> {
    let start = &bytes[..bytes.len().min(2_000)];
    let start = String::from_utf8_lossy(start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start));
    let start = start.trim_start().to_ascii_lowercase();
    let starts = |word: &str| start.starts_with(word);
    if start.is_empty() {
        return Some(Fault::MetadataEmpty {});
    }
    if starts("<!doctype html") || starts("<html") || starts("<head") || starts("<script") {
        return Some(Fault::MetadataIsHtml {});
    }
    if starts("{") || starts("[") {
        return Some(if start.contains("\"issuer\"") {
            Fault::MetadataIsDiscovery {}
        } else {
            Fault::NotMetadata {}
        });
    }
    if start.contains("-----begin ") && !starts("<") {
        return Some(Fault::MetadataIsCertificate {});
    }
    if (starts("https://") || starts("http://")) && bytes.len() <= 2_000 {
        return Some(Fault::MetadataIsAddress {});
    }
    None
}

/// A document whose root is none of metadata's.
pub(super) fn root(root: Node<'_, '_>) -> Fault {
    let name = root.tag_name().name();
    match name {
        "html" | "HTML" => Fault::MetadataIsHtml {},
        // WS-Federation and WS-Trust describe themselves in documents of their own.
        "FederationMetadata" | "definitions" => Fault::MetadataOfOtherProtocol {},
        _ => Fault::MetadataRootDiffers {
            root: shown(name, 60),
        },
    }
}
