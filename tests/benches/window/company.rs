//! A company and its rules: the same people and the same groups at every run.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// How many people, in how many groups, and in how many of them each.
pub(crate) const PEOPLE: u32 = 1_000_000;
const GROUPS: u32 = 5_000;
const EACH: u32 = 20;

/// Writes everybody down as CSV.
pub(crate) fn write(file: &Path) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    let mut dice = Dice(1);
    writeln!(out, "email,groups")?;
    for person in 0..PEOPLE {
        write!(out, "person-{person}@acme.example")?;
        for place in 0..EACH {
            let separator = if place == 0 { ',' } else { ';' };
            write!(out, "{separator}{}", group(dice.below(GROUPS)))?;
        }
        writeln!(out)?;
    }
    out.flush()
}

/// So many rules for as many groups, as they are pasted from a spreadsheet.
pub(crate) fn rules(count: u32) -> String {
    let roles = ["Contributor", "Viewer", "Operator"];
    let rule = |number: u32| {
        let role = roles[number as usize % roles.len()];
        format!("groups\t{}\t{role}\n", group(number * (GROUPS / count)))
    };
    let rows: String = (0..count).map(rule).collect();
    format!("claim\tvalue\trole\n{rows}")
}

fn group(number: u32) -> String {
    format!("acme-team-{number:05}")
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(bound)) as u32
    }
}
