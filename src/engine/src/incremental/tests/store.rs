//! A store as simple as can be, and a look that goes through it.

use std::collections::{BTreeMap, BTreeSet};

use inventory::Item;

use super::super::{Change, Fingerprint, Gathering, Judge, Judged, Known, Listed, Looked, Pass, Reread, Roll, Standing, reread};
use crate::seen::Seen;

/// What is stored, and what is remembered of it.
#[derive(Default)]
pub(super) struct Store {
    pub(super) rows: BTreeMap<Fingerprint, (u64, Standing)>,
    pub(super) roll: Roll,
    next: u64,
}

/// What a look through a store comes to.
pub(super) struct Look {
    pub(super) seen: Seen,
    pub(super) looked: Looked,
    pub(super) judged: usize,
}

impl Store {
    /// One pass over all items.
    pub(super) fn look(&mut self, judge: Judge, items: Vec<Item>, threads: usize) -> Look {
        let mut gathering = Gathering::new(&judge);
        let mut pass = Pass::new(judge, std::mem::take(&mut self.roll)).on_threads(threads);
        let mut changes = Vec::new();
        pass.take_all(items, &mut |change| changes.push(change)).unwrap();
        let (roll, looked) = pass.finish();
        self.roll = roll;
        let looked = looked.unwrap();
        let judged = changes.iter().filter(|change| matches!(change, Change::Judged(_))).count();
        changes.into_iter().for_each(|change| self.write(change));
        for sighting in looked.sightings(&self.roll) {
            gathering.add(&self.rows[&sighting.subject].1, sighting.collected).unwrap();
        }
        looked.listings.iter().for_each(|listed| gathering.list(listed));
        Look { seen: gathering.seen(), looked, judged }
    }

    /// A look at one resource.
    pub(super) fn reread(&mut self, judge: &Judge, one: Reread) -> Option<Change> {
        let change = reread(judge, &mut self.roll, one)?;
        self.write(change.clone());
        Some(change)
    }

    /// Forgets all but what is stored.
    pub(super) fn restart(&mut self) {
        self.roll = Roll::with_room(self.rows.len());
        for (row, standing) in self.rows.values() {
            self.roll.put(Known::of(standing, *row));
        }
    }

    /// What is stored of a place.
    pub(super) fn subjects_in(&self, listed: &Listed) -> BTreeSet<Box<str>> {
        let here = self.rows.values().filter(|(_, standing)| (&standing.kind, &standing.scope) == (&listed.kind, &listed.scope));
        here.map(|(_, standing)| standing.id.clone()).collect()
    }

    fn write(&mut self, change: Change) {
        match change {
            Change::Unchanged(sighting) => assert_eq!(self.rows[&sighting.subject].0, sighting.row),
            Change::Judged(judged) => self.put(*judged),
            Change::Listed(listed) => listed.gone.iter().for_each(|gone| self.strike(gone.subject, gone.row)),
            Change::Gone(gone) => self.strike(gone.subject, gone.row),
        }
    }

    /// Stored is what comes back from its written form.
    fn put(&mut self, judged: Judged) {
        let written = serde_json::to_string(&judged.standing).unwrap();
        let standing: Standing = serde_json::from_str(&written).unwrap();
        let row = match self.rows.get(&judged.subject) {
            Some((row, _)) => *row,
            None => {
                self.next += 1;
                self.next
            }
        };
        assert!(judged.before.is_none_or(|before| before == row), "{judged:?} was row {row}");
        self.roll.number(judged.subject, row);
        self.rows.insert(judged.subject, (row, standing));
    }

    fn strike(&mut self, subject: Fingerprint, row: u64) {
        let (stored, _) = self.rows.remove(&subject).expect("only what is stored can be gone");
        assert!(row == stored || row == 0);
    }
}
