//! What a pass came to: how lists ended, which resources were seen, and all their verdicts, counted.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::roll::Entry;
use super::{Judge, Letter, Listed, Roll, Sighting};
use crate::assess::{Grade, Tally};

/// What a pass came to.
#[derive(Debug)]
pub struct Looked {
    /// How every list ended.
    pub listings: Vec<Listed>,
    /// All verdicts on resources and lists that failed, unchanged ones included; `vacuous` is left to `assess`.
    pub tally: Tally,
    /// How many failures each exemption matched, live or ended, by position.
    pub exemption_matches: Vec<u64>,
    marks: Vec<Mark>,
}

impl Looked {
    /// Counts by pattern: what a million resources have alike is opened once.
    pub(super) fn of(judge: &Judge, roll: &Roll, marks: Vec<Mark>, listings: Vec<Listed>) -> Self {
        let mut of_pattern: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        for (at, mark) in (0..).zip(&marks) {
            if let Mark::Seen(_) = mark {
                let entry = roll.entry(at);
                *of_pattern.entry((entry.place, entry.pattern)).or_default() += 1;
            }
        }
        let mut tally = Tally::default();
        let mut exemption_matches = vec![0; judge.exemptions().all().len()];
        for ((place, pattern), count) in of_pattern {
            let planned = judge.plan().checks_of(&roll.named(place).0).len();
            let pattern = roll.pattern(pattern);
            assert_eq!(pattern.letters().len(), planned, "every planned verdict is there, once");
            for (check, letter) in pattern.letters().iter().enumerate() {
                tally.add(Grade::from(*letter), pattern.exempt(check), count);
            }
            let marks = pattern.marks.iter().flat_map(|(_, marks)| marks.all());
            let at = |id: &str| judge.exemptions().position(id).expect("the key holds the exemptions that mark");
            marks.for_each(|id| exemption_matches[at(id)] += count);
        }
        for listed in listings.iter().filter(|listed| listed.outcome.is_err()) {
            tally.add(Grade::Unknown, false, judge.plan().checks_of(&listed.kind).len() as u64);
        }
        Self { listings, tally, exemption_matches, marks }
    }

    /// Every resource that was judged or found unchanged, in no order, as long as nothing else was done to the roll of the pass.
    pub fn sightings<'r>(&'r self, roll: &'r Roll) -> impl Iterator<Item = Sighting> + 'r {
        let sighting = |(at, mark): (u32, &Mark)| match *mark {
            Mark::Seen(collected) => {
                let Entry { subject, row, .. } = *roll.entry(at);
                Some(Sighting { subject, row, collected })
            }
            Mark::Unmet | Mark::Met | Mark::Reread(_) => None,
        };
        (0..).zip(&self.marks).filter_map(sighting)
    }
}

/// What the pass knows of a resource of the roll.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mark {
    /// It was not sent yet.
    Unmet,
    /// It was sent, and is no subject.
    Met,
    /// It was sent, and stands as the roll says.
    Seen(Timestamp),
    /// It was read by itself while the pass went on; its list has not told of it yet.
    Reread(Timestamp),
}

impl From<Letter> for Grade {
    fn from(letter: Letter) -> Self {
        match letter {
            Letter::Pass => Grade::Pass,
            Letter::Fail => Grade::Fail,
            Letter::Unknown => Grade::Unknown,
            Letter::NotApplicable => Grade::NotApplicable,
        }
    }
}
