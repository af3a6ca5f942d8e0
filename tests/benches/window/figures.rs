//! Many measurements of one thing.

/// Measurements of one thing, all in the same unit.
#[derive(Default)]
pub(crate) struct Figures(Vec<f64>);

/// What is measured in.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Milliseconds,
    Mebibytes,
}

impl Figures {
    pub(crate) fn add(&mut self, figure: f64) {
        let at = self.0.partition_point(|known| *known < figure);
        self.0.insert(at, figure);
    }

    pub(crate) fn median(&self) -> f64 {
        self.within(50)
    }

    /// The 95th percentile.
    pub(crate) fn nearly_worst(&self) -> f64 {
        self.within(95)
    }

    /// The smallest figure that so many in a hundred do not exceed.
    fn within(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0[rank.saturating_sub(1)]
    }
}

impl Unit {
    pub(crate) fn of(self, figure: f64) -> String {
        match self {
            // Frames are told apart by tenths.
            Self::Milliseconds if figure < 100.0 => format!("{figure:.1} ms"),
            Self::Milliseconds => format!("{figure:.0} ms"),
            Self::Mebibytes => format!("{figure:.0} MiB"),
        }
    }
}
