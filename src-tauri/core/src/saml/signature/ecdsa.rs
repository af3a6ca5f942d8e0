//! The value of an ECDSA signature: XML Signature has the two numbers one behind the other
//! (RFC 4050, section 3.3); ring's verifier for any pair of curve and hash reads them in ASN.1.

/// The two numbers of `width` bytes each as a DER `SEQUENCE` of two `INTEGER`s; none if the value
/// has another length.
pub(super) fn as_der(value: &[u8], width: usize) -> Option<Vec<u8>> {
    if value.len() != 2 * width {
        return None;
    }
    let (r, s) = value.split_at(width);
    let numbers = [integer(r), integer(s)].concat();
    // Two numbers of 48 bytes, the longest: less than the 128 that a short length can tell.
    let mut der = vec![0x30, u8::try_from(numbers.len()).ok()?];
    der.extend(numbers);
    Some(der)
}

fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    // One digit is left of zero, too.
    let digits = &number[zeros.min(number.len() - 1)..];
    let mut der = vec![0x02];
    let sign = digits[0] & 0x80 != 0;
    der.push((digits.len() + usize::from(sign)) as u8);
    der.extend(sign.then_some(0));
    der.extend(digits);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_needless_zeros_and_never_negative() {
        assert_eq!(
            as_der(&[0, 1, 0x80, 2], 2),
            Some(vec![0x30, 8, 2, 1, 1, 2, 3, 0, 0x80, 2])
        );
        assert_eq!(as_der(&[0; 4], 2), Some(vec![0x30, 6, 2, 1, 0, 2, 1, 0]));
    }

    #[test]
    fn a_value_of_another_length_is_none() {
        assert_eq!(as_der(&[1, 2, 3], 2), None);
        assert_eq!(as_der(&[], 2), None);
    }
}
