//! A resource as a store tells of it when a roll is made.

use inventory::{KindId, Scope};
use jiff::Timestamp;

use super::{Fingerprint, Marks, Said, Standing, Verdicts};

/// A resource as a store tells of it when a roll is made, without the details that a look does not need.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// The resource, as [`Standing::subject`] has it.
    pub subject: Fingerprint,
    /// What it is.
    pub kind: &'a KindId,
    /// Where it was found.
    pub scope: &'a Scope,
    /// What its verdicts rest on.
    pub key: Fingerprint,
    /// The clock by which it was judged.
    pub judged: Timestamp,
    /// From when it must be judged again.
    pub recheck_at: Option<Timestamp>,
    /// Its verdicts.
    pub verdicts: Verdicts,
    /// The exemptions about its failures, by position of the check; only failures that have some.
    pub marks: Vec<(u16, Marks)>,
    /// The store's own number of it, from 1.
    pub row: u64,
}

impl<'a> Known<'a> {
    /// What a roll needs of a standing.
    pub fn of(standing: &'a Standing, row: u64) -> Self {
        let marks = standing.details.iter().filter_map(|detail| match &detail.said {
            Said::Failure { marks, .. } if !marks.are_none() => Some((detail.check, marks.clone())),
            Said::Failure { .. } | Said::Due | Said::Gaps(_) => None,
        });
        Self {
            subject: standing.subject(),
            kind: &standing.kind,
            scope: &standing.scope,
            key: standing.key,
            judged: standing.judged,
            recheck_at: standing.recheck_at,
            verdicts: standing.verdicts.clone(),
            marks: marks.collect(),
            row,
        }
    }
}
