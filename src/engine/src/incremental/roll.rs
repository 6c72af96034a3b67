//! What is remembered of every known resource between looks: who it is, what its verdicts rest on, and until when they are good.
//!
//! About a hundred bytes a resource. Names and details are in the store; equal verdicts of many resources are kept once.

use std::collections::HashMap;
use std::sync::Arc;

use inventory::{KindId, Scope};
use jiff::Timestamp;

use super::{Fingerprint, Letter, Marks, Said, Standing, Verdicts};

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

/// All known resources.
#[derive(Default)]
pub struct Roll {
    entries: Vec<Entry>,
    at: HashMap<Fingerprint, u32>,
    free: Vec<u32>,
    places: Vec<(KindId, Scope)>,
    place_at: HashMap<KindId, HashMap<Scope, u32>>,
    of_place: Vec<Vec<u32>>,
    patterns: Vec<Used>,
    free_patterns: Vec<u32>,
    pattern_at: HashMap<Arc<Pattern>, u32>,
}

/// What is remembered of one resource. There are a million of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) subject: Fingerprint,
    pub(super) key: Fingerprint,
    pub(super) row: u64,
    /// In whole seconds, rounded so that verdicts are taken for good too short rather than too long.
    from: i64,
    until: i64,
    pub(super) place: u32,
    pub(super) pattern: u32,
}

/// Verdicts and exemptions that many resources have alike.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    pub(super) verdicts: Verdicts,
    pub(super) marks: Vec<(u16, Marks)>,
}

/// A pattern and how many resources have it; with none, its number is free.
struct Used {
    pattern: Arc<Pattern>,
    by: u32,
}

impl Entry {
    /// Whether no age has flipped and no exemption has begun or ended since it was judged, if the key is still the same.
    pub(super) fn is_good_at(&self, now: Timestamp) -> bool {
        (self.from..self.until).contains(&now.as_second())
    }
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

impl Roll {
    /// A roll with room for so many resources, on which there is none.
    pub fn with_room(resources: usize) -> Self {
        Self { entries: Vec::with_capacity(resources), at: HashMap::with_capacity(resources), ..Self::default() }
    }

    /// How many resources are known.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Remembers a resource, in the place of what was known of it.
    pub fn put(&mut self, known: Known) {
        let place = self.place(known.kind, known.scope);
        let pattern = self.use_pattern(Pattern { verdicts: known.verdicts, marks: known.marks });
        let (from, until) = (known.judged, known.recheck_at);
        let entry = Entry {
            subject: known.subject,
            key: known.key,
            row: known.row,
            from: from.as_second() + i64::from(from.subsec_nanosecond() != 0),
            until: until.map_or(i64::MAX, Timestamp::as_second),
            place,
            pattern,
        };
        let at = match self.at.get(&known.subject) {
            Some(&at) => {
                let before = std::mem::replace(&mut self.entries[at as usize], entry);
                self.release(before.pattern);
                if before.place != place {
                    self.of_place[place as usize].push(at);
                }
                return;
            }
            None => self.free.pop().unwrap_or(self.entries.len() as u32),
        };
        match self.entries.get_mut(at as usize) {
            Some(free) => *free = entry,
            None => self.entries.push(entry),
        }
        self.at.insert(known.subject, at);
        self.of_place[place as usize].push(at);
    }

    /// Tells under which number the store has a resource that it had not before.
    pub fn number(&mut self, subject: Fingerprint, row: u64) {
        if let Some(&at) = self.at.get(&subject) {
            self.entries[at as usize].row = row;
        }
    }

    /// When the first of all verdicts comes due by itself.
    pub fn due(&self) -> Option<Timestamp> {
        let known = self.at.values().map(|&at| self.entries[at as usize].until);
        known.filter(|until| *until != i64::MAX).min().and_then(|until| Timestamp::from_second(until).ok())
    }

    pub(super) fn position(&self, subject: Fingerprint) -> Option<u32> {
        self.at.get(&subject).copied()
    }

    pub(super) fn entry(&self, at: u32) -> &Entry {
        &self.entries[at as usize]
    }

    /// One more than the greatest position.
    pub(super) fn end(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn pattern(&self, at: u32) -> &Pattern {
        &self.patterns[at as usize].pattern
    }

    /// The number of a kind in a scope.
    pub(super) fn place(&mut self, kind: &KindId, scope: &Scope) -> u32 {
        if let Some(&at) = self.place_at.get(kind).and_then(|scopes| scopes.get(scope)) {
            return at;
        }
        let at = self.places.len() as u32;
        self.places.push((kind.clone(), scope.clone()));
        self.of_place.push(Vec::new());
        self.place_at.entry(kind.clone()).or_default().insert(scope.clone(), at);
        at
    }

    /// The kind and the scope of a number.
    pub(super) fn named(&self, place: u32) -> &(KindId, Scope) {
        &self.places[place as usize]
    }

    /// Strikes out what is in this place and was not met; returns it.
    pub(super) fn strike_unmet(&mut self, place: u32, met: &dyn Fn(u32) -> bool) -> Vec<Entry> {
        let mut gone = Vec::new();
        let mut kept = std::mem::take(&mut self.of_place[place as usize]);
        kept.sort_unstable();
        kept.dedup();
        kept.retain(|&at| {
            let entry = self.entries[at as usize];
            // What moved to another place, or is free, is only left off this list.
            let here = entry.place == place && self.at.get(&entry.subject) == Some(&at);
            if here && !met(at) {
                self.at.remove(&entry.subject);
                self.free.push(at);
                gone.push(entry);
                return false;
            }
            here
        });
        self.of_place[place as usize] = kept;
        gone.iter().for_each(|entry| self.release(entry.pattern));
        gone
    }

    /// Strikes out one resource, if it is known.
    pub(super) fn strike(&mut self, subject: Fingerprint) -> Option<Entry> {
        let at = self.at.remove(&subject)?;
        self.free.push(at);
        let entry = self.entries[at as usize];
        self.release(entry.pattern);
        Some(entry)
    }

    fn use_pattern(&mut self, pattern: Pattern) -> u32 {
        if let Some(&at) = self.pattern_at.get(&pattern) {
            self.patterns[at as usize].by += 1;
            return at;
        }
        let used = Used { pattern: Arc::new(pattern), by: 1 };
        let at = self.free_patterns.pop().unwrap_or(self.patterns.len() as u32);
        self.pattern_at.insert(Arc::clone(&used.pattern), at);
        match self.patterns.get_mut(at as usize) {
            Some(free) => *free = used,
            None => self.patterns.push(used),
        }
        at
    }

    fn release(&mut self, at: u32) {
        let used = &mut self.patterns[at as usize];
        used.by -= 1;
        if used.by == 0 {
            self.pattern_at.remove(&used.pattern);
            self.free_patterns.push(at);
        }
    }
}
