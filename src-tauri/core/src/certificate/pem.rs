//! The textual encoding of certificates and keys (RFC 7468), as strictly as it is written.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `der` as one block with this label, lines of 64 characters, ending in a line break.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        // Base64 is ASCII, so every index is the end of a character.
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}
