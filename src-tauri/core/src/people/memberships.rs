//! Numbers of values, two bytes each while that is enough.

use std::ops::Range;

/// A list of numbers. Most directories have fewer than 65,536 values, and then it is half as large.
#[derive(Clone, Debug)]
pub(super) enum Numbers {
    Small(Vec<u16>),
    Large(Vec<u32>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Small(Vec::new())
    }
}

impl Numbers {
    /// As many zeros, with room for numbers below `bound`.
    pub(super) fn zeros(length: usize, bound: usize) -> Self {
        if bound <= 1 << 16 {
            Self::Small(vec![0; length])
        } else {
            Self::Large(vec![0; length])
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Small(numbers) => numbers.len(),
            Self::Large(numbers) => numbers.len(),
        }
    }

    pub(super) fn push(&mut self, number: u32) {
        match self {
            Self::Large(numbers) => numbers.push(number),
            Self::Small(numbers) => match u16::try_from(number) {
                Ok(number) => numbers.push(number),
                Err(_) => {
                    let mut large: Vec<u32> = numbers.iter().map(|n| u32::from(*n)).collect();
                    large.push(number);
                    *self = Self::Large(large);
                }
            },
        }
    }

    /// Writes a number below the bound that [`Self::zeros`] was given.
    pub(super) fn set(&mut self, index: usize, number: u32) {
        match self {
            Self::Large(numbers) => numbers[index] = number,
            // OK because there is room for what was announced.
            Self::Small(numbers) => numbers[index] = number as u16,
        }
    }

    /// Every number in this range, in order.
    pub(super) fn each(&self, range: Range<usize>, mut take: impl FnMut(u32)) {
        match self {
            Self::Small(numbers) => numbers[range].iter().for_each(|n| take(u32::from(*n))),
            Self::Large(numbers) => numbers[range].iter().for_each(|n| take(*n)),
        }
    }

    /// Gives back the memory that only growing needs.
    pub(super) fn settle(&mut self) {
        match self {
            Self::Small(numbers) => numbers.shrink_to_fit(),
            Self::Large(numbers) => numbers.shrink_to_fit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_when_two_bytes_are_no_longer_enough() {
        let mut numbers = Numbers::default();
        let all = [0, 65_535, 65_536, 1, u32::MAX];
        all.into_iter().for_each(|number| numbers.push(number));
        let mut kept = Vec::new();
        numbers.each(0..numbers.len(), |number| kept.push(number));
        assert_eq!(kept, all);
    }
}
