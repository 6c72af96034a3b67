//! Windows: how far every source of events was read. The watermark advances in the change that holds what followed from the events, so that an
//! event counts exactly once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::log::append::instant;
use crate::store::{Row, Value};
use crate::{Event, Ledger, LedgerError, Tx};

/// A stretch of events was looked through, or could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// When that was known.
    pub at: Timestamp,
    /// The source.
    pub source: String,
    /// From when.
    pub since: Timestamp,
    /// Up to when.
    pub until: Timestamp,
    /// Where the watermark stands after it.
    pub watermark: Timestamp,
    /// How many events were new.
    pub events: u64,
    /// How many of them announced a change.
    pub changes: u64,
    /// Why nobody knows what happened then: action and cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<(String, String)>,
}

impl Looked {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        let (since, until, watermark) = (instant(self.since), instant(self.until), instant(self.watermark));
        let gap = self.gap.as_ref().map(|gap| serde_json::to_string(gap).expect("two texts are plain JSON"));
        let row = [
            seq.into(),
            (&self.source).into(),
            Value::Text(&since),
            Value::Text(&until),
            self.events.into(),
            self.changes.into(),
            gap.as_ref().into(),
        ];
        tx.put("INSERT INTO looked (seq, source, since, until, events, changes, gap) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", &row)?;
        let row = [(&self.source).into(), Value::Text(&watermark), seq.into()];
        tx.put("INSERT INTO watermark (source, at, seq) VALUES (?1, ?2, ?3) ON CONFLICT (source) DO UPDATE SET at = ?2, seq = ?3", &row)
    }
}

impl Tx<'_> {
    /// Up to when a source was read to its end.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn watermark(&mut self, source: &str) -> Result<Option<Timestamp>, LedgerError> {
        self.first("SELECT at FROM watermark WHERE source = ?1", &[source.into()])?.map(|row| row.parsed(0)).transpose()
    }

    /// Takes an event: false if it was taken before.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn take_event(&mut self, source: &str, event: &str, at: Timestamp) -> Result<bool, LedgerError> {
        let row = [source.into(), event.into(), Value::Text(&instant(at))];
        let sql = "INSERT INTO work_inbox (source, event, at) VALUES (?1, ?2, ?3) ON CONFLICT (source, event) DO NOTHING";
        Ok(self.execute(sql, &row)? == 1)
    }

    /// Advances the watermark and forgets the events that no window can hand over again.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn advance(&mut self, looked: &Looked, forget_before: Timestamp) -> Result<u64, LedgerError> {
        let row = [(&looked.source).into(), Value::Text(&instant(forget_before))];
        self.put("DELETE FROM work_inbox WHERE source = ?1 AND at < ?2", &row)?;
        self.append(&Event::Window(looked.clone()))
    }
}

fn read(row: &Row) -> Result<Looked, LedgerError> {
    let gap = row.opt_text(6)?.map(|gap| serde_json::from_str(&gap)).transpose();
    let gap = gap.map_err(|_| LedgerError::Altered { what: "a gap has no action and cause".into() })?;
    let until = row.parsed(3)?;
    let (at, source, since) = (row.parsed(0)?, row.text(1)?, row.parsed(2)?);
    Ok(Looked { at, source, since, until, watermark: until, events: row.count(4)?, changes: row.count(5)?, gap })
}

impl Ledger {
    /// The windows that say something of the time between two instants. Their watermark is their end.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn windows(&mut self, from: Timestamp, until: Timestamp) -> Result<Vec<Looked>, LedgerError> {
        let sql = "SELECT g.at, l.source, l.since, l.until, l.events, l.changes, l.gap FROM looked l JOIN log g ON g.seq = l.seq
                   WHERE l.until > ?1 AND l.since < ?2 ORDER BY l.seq";
        self.store.query(sql, &[Value::Text(&instant(from)), Value::Text(&instant(until))])?.iter().map(read).collect()
    }
}
