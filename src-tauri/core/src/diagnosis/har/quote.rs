//! Where a JSON string ends (RFC 8259, section 7): at the first quote that no backslash escapes.
//!
//! Bodies in a recording are scripts and JSON, in which every other quote is escaped. They are looked
//! through 64 bytes at a time, with one bit for each byte.

use memchr::memchr;

/// How many bytes are looked at as one.
const BLOCK: usize = 64;

/// Bits of even number.
const EVEN: u64 = 0x5555_5555_5555_5555;

/// The index of the quote that ends the string. `escaped` says whether the first byte is behind a
/// backslash, and is left so for what comes behind `bytes`.
pub(super) fn closing(bytes: &[u8], escaped: &mut bool) -> Option<usize> {
    let mut at = 0;
    loop {
        if !*escaped {
            // As long as there is no quote, nothing has to be known of backslashes.
            let Some(quote) = memchr(b'"', &bytes[at..]) else {
                let run = backslashes(&bytes[at..]);
                *escaped = run % 2 == 1;
                return None;
            };
            if backslashes(&bytes[at..at + quote]).is_multiple_of(2) {
                return Some(at + quote);
            }
            // It is escaped: another is near.
            at += quote + 1;
        }
        while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>) {
            let (quotes, slashes) = (bits(block, b'"'), bits(block, b'\\'));
            let behind = behind_backslash(slashes, escaped);
            let ends = quotes & !behind;
            if ends != 0 {
                *escaped = false;
                return Some(at + ends.trailing_zeros() as usize);
            }
            at += BLOCK;
            if quotes == 0 && !*escaped {
                break;
            }
        }
        if bytes.len() - at < BLOCK {
            return last(bytes, at, escaped);
        }
    }
}

/// The same for less than a block.
fn last(bytes: &[u8], from: usize, escaped: &mut bool) -> Option<usize> {
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            _ if *escaped => *escaped = false,
            b'"' => return Some(at),
            b'\\' => *escaped = true,
            _ => {}
        }
    }
    None
}

/// The bytes that are behind a backslash which is not behind one itself: those behind each run of
/// backslashes of odd length, and every second one within a run.
fn behind_backslash(slashes: u64, escaped: &mut bool) -> u64 {
    let before = u64::from(*escaped);
    if slashes == 0 {
        *escaped = false;
        return before;
    }
    // A backslash that is escaped itself escapes nothing.
    let slashes = slashes & !before;
    let follows = slashes << 1 | before;
    let odd_starts = slashes & !EVEN & !follows;
    // A run that starts at an odd bit carries out of its end: there the parity is the other one.
    let (carried, over) = odd_starts.overflowing_add(slashes);
    *escaped = over;
    (EVEN ^ (carried << 1)) & follows
}

fn backslashes(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count()
}

/// A bit for each byte of the block that is this one, the first lowest.
fn bits(block: &[u8; BLOCK], byte: u8) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = ONES * 0x7F;
    let wanted = ONES * u64::from(byte);
    let mut bits = 0;
    for (part, eight) in block.as_chunks::<8>().0.iter().enumerate() {
        // Zero where it is the byte, and no sum carries into the next byte.
        let differs = u64::from_le_bytes(*eight) ^ wanted;
        let equal = !(((differs & LOW) + LOW) | differs | LOW);
        // Eight bits, one in each byte, gathered in the highest.
        let gathered = (equal >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= gathered << (8 * part);
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Byte by byte.
    fn plainly(bytes: &[u8], escaped: &mut bool) -> Option<usize> {
        last(bytes, 0, escaped)
    }

    fn check(bytes: &[u8]) {
        for before in [false, true] {
            let (mut found, mut expected) = (before, before);
            let at = closing(bytes, &mut found);
            assert_eq!(
                at,
                plainly(bytes, &mut expected),
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
            if at.is_none() {
                assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(bytes));
            }
        }
    }

    #[test]
    fn a_run_of_backslashes_of_any_length_at_any_place_is_seen_through() {
        for place in 0..130 {
            for run in 0..70 {
                let mut text = vec![b'x'; place];
                text.extend(vec![b'\\'; run]);
                text.extend(b"\"xx\\\"yy\"");
                check(&text);
                text.splice(0..0, *b"\\\"");
                check(&text);
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_there_is_it_ends_where_it_ends_byte_by_byte(
            bytes in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b'\\'), Just(b'x')], 0..400),
            dense in proptest::collection::vec(prop_oneof![4 => Just(*b"\\\""), 1 => Just(*b"\\\\"), 1 => Just(*b"xy")], 0..200),
        ) {
            check(&bytes);
            check(&dense.concat());
        }
    }
}
