//! Distinguished names as text (RFC 4514).

use std::fmt;
use std::str::FromStr;

/// The longest text that is read as a distinguished name, in bytes.
pub const LONGEST: usize = 8 * 1024;

/// A distinguished name: its relative names, the entry's own first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dn(pub Vec<Rdn>);

/// A relative distinguished name: one attribute, or several joined by `+`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rdn(pub Vec<Attribute>);

/// An attribute's type and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The type: a short name or a dotted object identifier, as it was written.
    pub kind: String,
    /// The value, without the escapes.
    pub value: Value,
}

/// An attribute's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// As text.
    Text(String),
    /// As the BER bytes that `#` announces (section 2.4).
    Ber(Vec<u8>),
}

/// Why a text is not a distinguished name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADn {
    /// Longer than [`LONGEST`].
    #[error("is longer than {LONGEST} bytes")]
    TooLong,
    /// No attribute type where one is due.
    #[error("lacks an attribute type")]
    KindExpected,
    /// A character that a value may hold only behind a backslash.
    #[error("has {0:?} without a backslash")]
    Unescaped(char),
    /// A backslash before neither a special character nor two hexadecimal digits.
    #[error("has a backslash that escapes nothing")]
    EscapeBroken,
    /// `#` without pairs of hexadecimal digits behind it.
    #[error("has a # without hexadecimal digits")]
    HexBroken,
    /// Escaped bytes that are not UTF-8.
    #[error("has escaped bytes that are not UTF-8")]
    NotUtf8,
}

impl Dn {
    /// Whether this names an entry of a directory: one of its types is in the table of section 3.
    /// Without this, every `key=value` would pass.
    pub fn is_entry(&self) -> bool {
        const TABLE: [&str; 9] = ["CN", "L", "ST", "O", "OU", "C", "STREET", "DC", "UID"];
        let mut attributes = self.0.iter().flat_map(|rdn| &rdn.0);
        attributes.any(|attribute| {
            TABLE
                .iter()
                .any(|kind| kind.eq_ignore_ascii_case(&attribute.kind))
        })
    }

    /// What the entry is called for short: the values of its own relative name, and if none of them
    /// is a common name, the first common name above it.
    ///
    /// Common names above an entry that has its own are containers (`CN=Ana,CN=Users`).
    pub fn short_names(&self) -> impl Iterator<Item = &str> {
        let (own, above) = match self.0.split_first() {
            Some((own, above)) => (own.0.as_slice(), above),
            None => (&[][..], &[][..]),
        };
        let common = if own.iter().any(Attribute::is_common_name) {
            None
        } else {
            above
                .iter()
                .flat_map(|rdn| &rdn.0)
                .find(|attribute| attribute.is_common_name())
        };
        own.iter()
            .chain(common)
            .filter_map(|attribute| match &attribute.value {
                Value::Text(text) if !text.is_empty() => Some(text.as_str()),
                _ => None,
            })
    }
}

impl Attribute {
    fn is_common_name(&self) -> bool {
        self.kind.eq_ignore_ascii_case("CN") || self.kind == "2.5.4.3"
    }
}

/// Reads the text form of section 3. As RFC 2253 had it, and as directories still print it, spaces
/// around `,`, `+` and `=` are skipped.
impl FromStr for Dn {
    type Err = NotADn;

    fn from_str(text: &str) -> Result<Self, NotADn> {
        if text.len() > LONGEST {
            return Err(NotADn::TooLong);
        }
        let mut rdns = Vec::new();
        let mut rest = text.trim_start_matches(' ').as_bytes();
        if rest.is_empty() {
            return Ok(Self(rdns));
        }
        let mut attributes = Vec::new();
        loop {
            let (attribute, after) = attribute(rest)?;
            attributes.push(attribute);
            match after.split_first() {
                Some((b'+', after)) => rest = after,
                Some((_, after)) => {
                    rdns.push(Rdn(std::mem::take(&mut attributes)));
                    rest = after;
                }
                None => {
                    rdns.push(Rdn(attributes));
                    return Ok(Self(rdns));
                }
            }
        }
    }
}

/// Writes the text form of section 2, with a backslash wherever one is needed and nowhere else.
impl fmt::Display for Dn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, rdn) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            for (place, attribute) in rdn.0.iter().enumerate() {
                if place > 0 {
                    f.write_str("+")?;
                }
                write!(f, "{}={}", attribute.kind, attribute.value)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => escaped(text, f),
            Self::Ber(bytes) => {
                f.write_str("#")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

fn escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (place, c) in text.chars().enumerate() {
        let needs = match c {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => true,
            '#' => place == 0,
            ' ' => place == 0 || place == last,
            _ => false,
        };
        match c {
            // The reader drops white space of every kind at the beginning, and RFC 4514 has NUL escaped.
            '\0'..='\x1f' => write!(f, "\\{:02x}", u32::from(c))?,
            _ if needs => write!(f, "\\{c}")?,
            _ => write!(f, "{c}")?,
        }
    }
    Ok(())
}

/// One attribute, and the rest from the separator on.
fn attribute(bytes: &[u8]) -> Result<(Attribute, &[u8]), NotADn> {
    let equals = bytes
        .iter()
        .position(|byte| *byte == b'=')
        .ok_or(NotADn::KindExpected)?;
    let (kind, after) = (
        bytes[..equals].trim_ascii(),
        bytes[equals + 1..].trim_ascii_start(),
    );
    if !is_kind(kind) {
        return Err(NotADn::KindExpected);
    }
    let (value, rest) = match after.split_first() {
        Some((b'#', digits)) => ber(digits)?,
        _ => text(after)?,
    };
    let kind = kind.iter().copied().map(char::from).collect();
    Ok((Attribute { kind, value }, rest))
}

/// A short name or a dotted object identifier (RFC 4512, section 1.4).
fn is_kind(kind: &[u8]) -> bool {
    match kind.split_first() {
        Some((first, rest)) if first.is_ascii_alphabetic() => rest
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-'),
        Some((first, _)) if first.is_ascii_digit() => {
            kind.contains(&b'.')
                && kind.split(|byte| *byte == b'.').all(|number| {
                    !number.is_empty()
                        && number.iter().all(u8::is_ascii_digit)
                        && (number.len() == 1 || number[0] != b'0')
                })
        }
        _ => false,
    }
}

fn ber(digits: &[u8]) -> Result<(Value, &[u8]), NotADn> {
    let end = digits
        .iter()
        .position(|byte| ends_value(*byte))
        .unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    let pairs = digits.trim_ascii_end().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| Some(16 * digit(pair.first())? + digit(pair.get(1))?))
        .collect();
    match bytes {
        Some(bytes) if !bytes.is_empty() => Ok((Value::Ber(bytes), rest)),
        _ => Err(NotADn::HexBroken),
    }
}

fn text(bytes: &[u8]) -> Result<(Value, &[u8]), NotADn> {
    let mut value = Vec::with_capacity(bytes.len().min(64));
    // Where the value ends once spaces that are not escaped are dropped.
    let mut kept = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            _ if ends_value(byte) => break,
            b'"' | b';' | b'<' | b'>' | 0 => return Err(NotADn::Unescaped(char::from(byte))),
            b'\\' => {
                let (escaped, length) = escape(bytes.get(at + 1..).unwrap_or_default())?;
                value.push(escaped);
                kept = value.len();
                at += 1 + length;
                continue;
            }
            _ => value.push(byte),
        }
        if byte != b' ' {
            kept = value.len();
        }
        at += 1;
    }
    value.truncate(kept);
    let text = String::from_utf8(value).map_err(|_| NotADn::NotUtf8)?;
    Ok((Value::Text(text), &bytes[at..]))
}

/// What stands behind a backslash: the byte that is meant, and how many bytes say so.
fn escape(bytes: &[u8]) -> Result<(u8, usize), NotADn> {
    let first = bytes.first().ok_or(NotADn::EscapeBroken)?;
    if br##""+,;<> #=\"##.contains(first) {
        return Ok((*first, 1));
    }
    match (digit(Some(first)), digit(bytes.get(1))) {
        (Some(high), Some(low)) => Ok((16 * high + low, 2)),
        _ => Err(NotADn::EscapeBroken),
    }
}

fn ends_value(byte: u8) -> bool {
    matches!(byte, b',' | b'+')
}

fn digit(byte: Option<&u8>) -> Option<u8> {
    // A hexadecimal digit is less than 16: it fits.
    char::from(*byte?).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests;
