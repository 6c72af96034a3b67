//! Letting go: documents that nothing stands on any more and that are older than anybody wants to look back. The log itself is never shortened.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::document::hex;
use crate::log::append::instant;
use crate::log::merkle::Hash;
use crate::store::Value;
use crate::{Event, Ledger, LedgerError, Tx};

/// How many documents one entry lets go.
const AT_ONCE: usize = 500;

/// Documents were let go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pruned {
    /// When.
    pub at: Timestamp,
    /// What was last seen before this was let go.
    pub before: Timestamp,
    /// The documents, as hashes in hexadecimal digits.
    pub documents: Vec<String>,
}

impl Pruned {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        for document in &self.documents {
            let row = [Value::Blob(&super::run::hash(document)?), seq.into()];
            tx.put("INSERT INTO pruned (sha256, seq) VALUES (?1, ?2) ON CONFLICT (sha256) DO UPDATE SET seq = ?2", &row)?;
        }
        Ok(())
    }
}

impl Ledger {
    /// Lets go of documents of resources that were replaced or gone before an instant. What stands, and what runs wrote, is kept.
    /// Gives how many.
    ///
    /// # Errors
    /// If the record cannot be written; then what was let go before is let go, and the rest is there.
    pub fn prune(&mut self, now: Timestamp, before: Timestamp) -> Result<u64, LedgerError> {
        let mut old = self.replaced(before)?;
        let count = old.len() as u64;
        while !old.is_empty() {
            let some: Vec<Hash> = old.drain(..old.len().min(AT_ONCE)).collect();
            self.write(|tx| {
                for hash in &some {
                    tx.put("DELETE FROM document WHERE sha256 = ?1", &[Value::Blob(hash)])?;
                }
                let documents = some.iter().map(hex).collect();
                tx.append(&Event::Pruned(Pruned { at: now, before, documents })).map(drop)
            })?;
        }
        Ok(count)
    }

    /// Documents that were replaced, or whose subject was gone, before an instant, and that no state, run, or later observation holds.
    fn replaced(&mut self, before: Timestamp) -> Result<Vec<Hash>, LedgerError> {
        let (mut standing, mut old, mut kept) = (HashMap::new(), BTreeSet::new(), BTreeSet::new());
        let limit = instant(before);
        let sql = "SELECT body, at, subject, kind FROM log WHERE kind IN ('observed', 'gone') ORDER BY seq";
        self.store.each(sql, &[], &mut |row| {
            let next = if row.text(3)? == "gone" { None } else { super::state::observed_document(&row)? };
            let subject = row.int(2)?;
            let last = match next {
                Some(next) => standing.insert(subject, next),
                None => standing.remove(&subject),
            };
            if let Some(last) = last.filter(|last| Some(*last) != next) {
                if row.text(1)? < limit {
                    old.insert(last)
                } else {
                    kept.insert(last)
                };
            }
            Ok(())
        })?;
        kept.extend(standing.into_values());
        let holders = "SELECT sha256 FROM run_document UNION SELECT sha256 FROM frozen
                       UNION SELECT sha256 FROM pruned WHERE sha256 NOT IN (SELECT sha256 FROM document)";
        self.store.each(holders, &[], &mut |row| {
            kept.insert(row.hash(0)?);
            Ok(())
        })?;
        Ok(old.difference(&kept).copied().collect())
    }
}

impl Tx<'_> {
    /// A value that a working part keeps under a name.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn value(&mut self, name: &str) -> Result<Option<String>, LedgerError> {
        self.first("SELECT value FROM work_value WHERE name = ?1", &[name.into()])?.map(|row| row.text(0)).transpose()
    }

    /// Keeps a value under a name.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_value(&mut self, name: &str, value: &str) -> Result<(), LedgerError> {
        let sql = "INSERT INTO work_value (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
        self.put(sql, &[name.into(), value.into()])
    }
}
