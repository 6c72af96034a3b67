//! Coverage: who looked at which kind where, from when to when, how long that stands, and what was found or why nobody knows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::log::append::instant;
use crate::store::{Row, Value};
use crate::{Ledger, LedgerError, Tx};

/// A list was looked through, or could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// When that was known.
    pub at: Timestamp,
    /// In which run.
    pub run: u64,
    /// The kind.
    pub kind: String,
    /// Where.
    pub scope: String,
    /// When looking began.
    pub from: Timestamp,
    /// Until when what was seen stands.
    pub valid_until: Timestamp,
    /// How many resources there are; none if nobody knows.
    pub found: Option<u64>,
    /// How many of them were not as before.
    pub changed: u64,
    /// Why nobody knows: action and cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<(String, String)>,
}

impl Listed {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        if self.found.is_some() == self.gap.is_some() {
            return Err(LedgerError::Refused(format!("the list of `{}` in {} was either read or not", self.kind, self.scope)));
        }
        let (kind, scope) = (tx.name(&self.kind)?, tx.name(&self.scope)?);
        let gap = self.gap.as_ref().map(|gap| serde_json::to_string(gap).expect("two texts are plain JSON"));
        let row = [
            seq.into(),
            self.run.into(),
            kind.into(),
            scope.into(),
            Value::Text(&instant(self.from)),
            Value::Text(&instant(self.at)),
            Value::Text(&instant(self.valid_until)),
            self.found.into(),
            self.changed.into(),
            gap.as_ref().into(),
        ];
        tx.put(
            "INSERT INTO listed (seq, run, kind, scope, started, ended, valid_until, found, changed, gap)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            &row,
        )
    }
}

fn read(row: &Row) -> Result<Listed, LedgerError> {
    let gap = row.opt_text(8)?.map(|gap| serde_json::from_str(&gap)).transpose();
    let gap = gap.map_err(|_| LedgerError::Altered { what: "a gap has no action and cause".into() })?;
    let (at, run, kind, scope) = (row.parsed(4)?, row.count(0)?, row.text(1)?, row.text(2)?);
    let found = row.opt_int(6)?.map(|found| found as u64);
    Ok(Listed { at, run, kind, scope, from: row.parsed(3)?, valid_until: row.parsed(5)?, found, changed: row.count(7)?, gap })
}

impl Ledger {
    /// Every look that says something of the time between two instants, in the order in which they ended.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn looks(&mut self, from: Timestamp, until: Timestamp) -> Result<Vec<Listed>, LedgerError> {
        let sql = "SELECT l.run, k.text, p.text, l.started, l.ended, l.valid_until, l.found, l.changed, l.gap FROM listed l
                   JOIN name k ON k.id = l.kind JOIN name p ON p.id = l.scope WHERE l.valid_until > ?1 AND l.started < ?2 ORDER BY l.seq";
        self.store.query(sql, &[Value::Text(&instant(from)), Value::Text(&instant(until))])?.iter().map(read).collect()
    }

    /// The last look at every kind in every scope, and the last that was read to its end.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn latest_looks(&mut self) -> Result<Vec<Listed>, LedgerError> {
        let sql = "SELECT l.run, k.text, p.text, l.started, l.ended, l.valid_until, l.found, l.changed, l.gap FROM listed l
                   JOIN name k ON k.id = l.kind JOIN name p ON p.id = l.scope WHERE l.seq IN
                   (SELECT max(seq) FROM listed GROUP BY kind, scope UNION SELECT max(seq) FROM listed WHERE gap IS NULL GROUP BY kind, scope)
                   ORDER BY l.seq";
        self.store.query(sql, &[])?.iter().map(read).collect()
    }

    /// The same, of what had ended by an instant.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn looks_as_of(&mut self, at: Timestamp) -> Result<Vec<Listed>, LedgerError> {
        let sql = "SELECT l.run, k.text, p.text, l.started, l.ended, l.valid_until, l.found, l.changed, l.gap FROM listed l
                   JOIN name k ON k.id = l.kind JOIN name p ON p.id = l.scope WHERE l.seq IN
                   (SELECT max(seq) FROM listed WHERE ended <= ?1 GROUP BY kind, scope
                    UNION SELECT max(seq) FROM listed WHERE ended <= ?1 AND gap IS NULL GROUP BY kind, scope)
                   ORDER BY l.seq";
        self.store.query(sql, &[Value::Text(&instant(at))])?.iter().map(read).collect()
    }
}
