//! Whether the record is what was recorded: the log is read from its first entry to its last and everything else is made of it anew, beside
//! what is stored. A byte that was flipped, a row that was taken away, put in, moved or rolled back makes a difference somewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::append::Tx;
use super::event::Event;
use super::merkle::{self, Hash, Tree};
use super::note::{Checkpoint, Verifier};
use crate::room::document::{hex, unpack};
use crate::store::{Location, Row};
use crate::{Ledger, LedgerError};

mod tables;

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Entries of the log.
    pub entries: u64,
    /// The hash that stands for them, in hexadecimal digits.
    pub root: String,
    /// Documents that have their own hash.
    pub documents: u64,
    /// Rows of tables that are what the log makes of them.
    pub rows: u64,
    /// Checkpoints whose signature is that of a known key, and whose hash is the log's.
    pub checkpoints: u64,
    /// How many entries no checkpoint speaks of.
    pub unsigned: u64,
    /// What is not as it was recorded.
    pub problems: Vec<String>,
}

/// What the record is held against.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Keys that checkpoints are signed with.
    pub keys: Vec<Verifier>,
    /// Checkpoints that were kept outside.
    pub outside: Vec<String>,
}

/// No more problems than these are told; the first tells enough.
const MOST: usize = 100;

impl Ledger {
    /// Looks through all of the record.
    ///
    /// # Errors
    /// If it cannot be read, or there is no place to make it anew. What is wrong with it is no error.
    pub fn verify(&mut self, trust: &Trust) -> Result<Verified, LedgerError> {
        let mut found = Verified::default();
        let marks = self.marks(trust, &mut found)?;
        let place = tempfile::tempdir().map_err(|error| LedgerError::Open { place: "a temporary folder".into(), source: error.into() })?;
        let mut anew = Ledger::open(&Location::File(place.path().join("anew.sqlite")))?;
        anew.store.batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")?;
        let named = self.replay(&mut anew, &marks, &mut found)?;
        tables::compare(self, &mut anew, &mut found)?;
        self.documents(named, &mut found)?;
        found.problems.truncate(MOST);
        Ok(found)
    }

    /// The checkpoints by the length of the log that they speak of; those that nobody known signed are told.
    fn marks(&mut self, trust: &Trust, found: &mut Verified) -> Result<BTreeMap<u64, Checkpoint>, LedgerError> {
        let origin = self.origin()?;
        let inside = self.store.query("SELECT size, root, note FROM checkpoint ORDER BY size", &[])?;
        let mut marks = BTreeMap::new();
        let inside = inside.iter().map(|row| Ok((Some((row.count(0)?, row.hash(1)?)), row.text(2)?)));
        let outside = trust.outside.iter().map(|note| Ok((None, note.clone())));
        for mark in inside.chain(outside) {
            let (row, note): (Option<(u64, Hash)>, String) = mark?;
            let Some(checkpoint) = trust.keys.iter().find_map(|key| key.open(&note)) else {
                if !trust.keys.is_empty() {
                    found
                        .problems
                        .push(format!("a checkpoint is not signed by a known key: {}", note.lines().take(2).collect::<Vec<_>>().join(" ")));
                }
                continue;
            };
            if checkpoint.origin != origin {
                found.problems.push(format!("a checkpoint is of another log, `{}`", checkpoint.origin));
                continue;
            }
            if row.is_some_and(|(size, root)| size != checkpoint.size || root != checkpoint.root) {
                found.problems.push(format!("the checkpoint of {} entries does not say what its row says", checkpoint.size));
            }
            if let Some(other) = marks.insert(checkpoint.size, checkpoint.clone())
                && other.root != checkpoint.root
            {
                found.problems.push(format!("two checkpoints of {} entries contradict each other: the log was forked", checkpoint.size));
            }
        }
        Ok(marks)
    }

    /// Reads the log from the first entry to the last, makes everything else of it, and holds its tree against the checkpoints. Gives the
    /// documents that were judged.
    fn replay(
        &mut self,
        anew: &mut Ledger,
        marks: &BTreeMap<u64, Checkpoint>,
        found: &mut Verified,
    ) -> Result<BTreeSet<Hash>, LedgerError> {
        let (mut tree, mut named, mut stopped, mut judged) = (Tree::default(), 0, false, BTreeSet::new());
        anew.store.begin()?;
        let Ledger { store, .. } = self;
        store.each("SELECT seq, body, leaf FROM log ORDER BY seq", &[], &mut |row| {
            if stopped {
                return Ok(());
            }
            let mut tx = Tx::replaying(anew, std::mem::take(&mut tree), named);
            let told = entry(&mut tx, &row);
            (tree, named) = (tx.tree, tx.named);
            match told {
                Ok(document) => judged.extend(document),
                Err(problem) => {
                    found.problems.push(problem);
                    stopped = true;
                }
            }
            if let Some(mark) = marks.get(&tree.size()) {
                match mark.root == tree.root() {
                    true => found.checkpoints += 1,
                    false => found.problems.push(format!("the first {} entries are not those that were signed", mark.size)),
                }
                found.unsigned = 0;
            } else {
                found.unsigned += 1;
            }
            Ok(())
        })?;
        anew.store.commit()?;
        (found.entries, found.root) = (tree.size(), hex(&tree.root()));
        if let Some((size, _)) = marks.last_key_value().filter(|(size, _)| **size > tree.size() && !stopped) {
            found.problems.push(format!("{size} entries were signed and {} are here: the record was rolled back or cut", tree.size()));
        }
        let head = self.store.query("SELECT size, edge, named FROM head WHERE one = 1", &[])?;
        let as_made = |row: &Row| Ok::<_, LedgerError>(row.count(0)? == tree.size() && row.blob(1)? == tree.edge() && row.int(2)? == named);
        if !stopped && !head.first().map_or(Ok(false), as_made)? {
            found.problems.push("the head of the log does not fit its entries".into());
        }
        Ok(judged)
    }

    /// Every document has its own hash, and what the log names is there, unless it was let go.
    fn documents(&mut self, mut named: BTreeSet<Hash>, found: &mut Verified) -> Result<(), LedgerError> {
        let mut there = BTreeSet::new();
        let (problems, count) = (&mut found.problems, &mut found.documents);
        self.store.each("SELECT sha256, size, content FROM document", &[], &mut |row| {
            match row.hash(0).and_then(|hash| unpack(&hash, row.count(1)?, &row.blob(2)?).map(|_| hash)) {
                Ok(hash) => {
                    there.insert(hash);
                    *count += 1;
                }
                Err(error) => problems.push(error.to_string()),
            }
            Ok(())
        })?;
        for (sql, is_there) in
            [("SELECT sha256 FROM run_document UNION SELECT sha256 FROM frozen", false), ("SELECT sha256 FROM pruned", true)]
        {
            self.store.each(sql, &[], &mut |row| {
                let hash = row.hash(0)?;
                if is_there {
                    named.remove(&hash)
                } else {
                    named.insert(hash)
                };
                Ok(())
            })?;
        }
        found.problems.extend(named.difference(&there).map(|hash| format!("document {} is named and is not here", hex(hash))));
        Ok(())
    }
}

/// One entry: its number, its hash, and what follows from it. What is wrong with it ends the reading, because nothing after it can be trusted.
fn entry(tx: &mut Tx, row: &Row) -> Result<Option<Hash>, String> {
    let told = |error: LedgerError| format!("entry {}: {error}", tx_size(row));
    let (seq, body, leaf) = (row.count(0).map_err(told)?, row.text(1).map_err(told)?, row.hash(2).map_err(told)?);
    let due = tx.tree.size();
    if seq != due {
        return Err(format!("entry {due} is missing; the next is {seq}"));
    }
    if merkle::leaf(body.as_bytes()) != leaf {
        return Err(format!("entry {seq} does not have its own hash"));
    }
    let event: Event = serde_json::from_str(&body).map_err(|error| format!("entry {seq} cannot be read: {error}"))?;
    tx.enter(&event, &body, leaf).map_err(|error| format!("entry {seq} contradicts those before it: {error}"))?;
    match &event {
        Event::Observed(seen) => seen.document.as_deref().map(crate::room::run::hash).transpose().map_err(told),
        _ => Ok(None),
    }
}

fn tx_size(row: &Row) -> String {
    row.count(0).map_or_else(|_| "without a number".into(), |seq| seq.to_string())
}
