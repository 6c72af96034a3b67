//! What is remembered of every known resource between looks: who it is, what its verdicts rest on, and until when they are good.
//!
//! About a hundred bytes a resource. Names and details are in the store; equal verdicts of many resources are kept once.

use std::collections::HashMap;

use inventory::{KindId, Scope};
use jiff::Timestamp;

use super::pattern::{Pattern, Patterns};
use super::{Fingerprint, Known};

/// All known resources.
#[derive(Default)]
pub struct Roll {
    entries: Vec<Entry>,
    at: HashMap<Fingerprint, u32>,
    free: Vec<u32>,
    places: Vec<(KindId, Scope)>,
    place_at: HashMap<KindId, HashMap<Scope, u32>>,
    of_place: Vec<Vec<u32>>,
    patterns: Patterns,
}

/// What is remembered of one resource. There are a million of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) subject: Fingerprint,
    pub(super) key: Fingerprint,
    pub(super) row: u64,
    /// Nanoseconds since 1970, which reach to 2262; `until` is [`NEVER`] where nothing comes due by itself.
    from: i64,
    until: i64,
    pub(super) place: u32,
    pub(super) pattern: u32,
}

/// Later than every instant that comes due.
const NEVER: i64 = i64::MAX;

/// An instant that is too far off is taken for the last one before [`NEVER`].
fn nanoseconds(at: Timestamp) -> i64 {
    at.as_nanosecond().clamp(i64::MIN.into(), (NEVER - 1).into()) as i64
}

impl Entry {
    /// Whether no age has flipped and no exemption has begun or ended since it was judged, if the key is still the same.
    pub(super) fn is_good_at(&self, now: Timestamp) -> bool {
        // In a time that cannot be compared everything is judged again.
        i64::try_from(now.as_nanosecond()).is_ok_and(|now| (self.from..self.until).contains(&now))
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
        let pattern = self.patterns.take(Pattern { verdicts: known.verdicts, marks: known.marks });
        let entry = Entry {
            subject: known.subject,
            key: known.key,
            row: known.row,
            from: nanoseconds(known.judged),
            until: known.recheck_at.map_or(NEVER, nanoseconds),
            place,
            pattern,
        };
        let at = match self.at.get(&known.subject) {
            Some(&at) => {
                let before = std::mem::replace(&mut self.entries[at as usize], entry);
                self.patterns.release(before.pattern);
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
        let first = self.at.values().map(|&at| self.entries[at as usize].until).min().filter(|until| *until != NEVER)?;
        Some(Timestamp::from_nanosecond(first.into()).expect("it was one"))
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
        self.patterns.get(at)
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
        gone.iter().for_each(|entry| self.patterns.release(entry.pattern));
        gone
    }

    /// Strikes out one resource, if it is known.
    pub(super) fn strike(&mut self, subject: Fingerprint) -> Option<Entry> {
        let at = self.at.remove(&subject)?;
        self.free.push(at);
        let entry = self.entries[at as usize];
        self.patterns.release(entry.pattern);
        Some(entry)
    }
}
