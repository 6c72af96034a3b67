//! What many resources have alike, kept once and under a number.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Letter, Marks, Verdicts};

/// Verdicts and exemptions that many resources have alike.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    pub(super) verdicts: Verdicts,
    pub(super) marks: Vec<(u16, Marks)>,
}

/// All patterns that some resource has.
#[derive(Default)]
pub(super) struct Patterns {
    all: Vec<Used>,
    free: Vec<u32>,
    at: HashMap<Arc<Pattern>, u32>,
}

/// A pattern and how many resources have it; with none, its number is free.
struct Used {
    pattern: Arc<Pattern>,
    by: u32,
}

impl Pattern {
    /// Whether a live exemption marks the failure of the check at this position.
    pub(super) fn exempt(&self, check: usize) -> bool {
        let at = self.marks.binary_search_by_key(&check, |(check, _)| usize::from(*check));
        at.is_ok_and(|at| self.marks[at].1.exempt.is_some())
    }

    pub(super) fn letters(&self) -> &[Letter] {
        self.verdicts.letters()
    }
}

impl Patterns {
    /// The pattern of a number.
    pub(super) fn get(&self, at: u32) -> &Pattern {
        &self.all[at as usize].pattern
    }

    /// The number of a pattern that one resource more has.
    pub(super) fn take(&mut self, pattern: Pattern) -> u32 {
        if let Some(&at) = self.at.get(&pattern) {
            self.all[at as usize].by += 1;
            return at;
        }
        let used = Used { pattern: Arc::new(pattern), by: 1 };
        let at = self.free.pop().unwrap_or(self.all.len() as u32);
        self.at.insert(Arc::clone(&used.pattern), at);
        match self.all.get_mut(at as usize) {
            Some(free) => *free = used,
            None => self.all.push(used),
        }
        at
    }

    /// One resource fewer has it.
    pub(super) fn release(&mut self, at: u32) {
        let used = &mut self.all[at as usize];
        used.by -= 1;
        if used.by == 0 {
            self.at.remove(&used.pattern);
            self.free.push(at);
        }
    }
}
