//! Questions to the record.

use std::collections::BTreeMap;
use std::io::Read;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::writer::{LARGEST, hex};
use crate::{Ledger, LedgerError, Totals};

/// A run as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub uuid: String,
    /// When it started, RFC 3339.
    pub started: String,
    /// When it ended; none where it did not.
    pub finished: Option<String>,
    /// How it went.
    pub outcome: String,
    /// Its verdicts.
    pub totals: Totals,
}

/// A verdict that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The run in which it changed.
    pub run: String,
    /// The check.
    pub check: String,
    /// The subject.
    pub subject: String,
    /// What it was; none where it was never judged before.
    pub was: Option<String>,
    /// What it is.
    pub becomes: String,
    /// The exemption that marks it.
    pub exempt: Option<String>,
    /// The message, or the causes.
    pub detail: Option<String>,
}

const TRANSITIONS: &str = "SELECT run.uuid, c.text, s.text, t.was, t.becomes, e.text, t.detail FROM transition t
    JOIN run ON run.id = t.run JOIN name c ON c.id = t.check_name JOIN name s ON s.id = t.subject LEFT JOIN name e ON e.id = t.exempt";

impl Ledger {
    /// The latest runs, newest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn runs(&self, limit: u32) -> Result<Vec<RunRow>, LedgerError> {
        let sql = "SELECT uuid, started, finished, outcome, pass, fail, unknown, not_applicable, vacuous, exempt FROM run ORDER BY id DESC LIMIT ?1";
        let count = |row: &rusqlite::Row, at: usize| row.get::<_, i64>(at).map(|count| count as u64);
        let read = |row: &rusqlite::Row| {
            let totals = Totals {
                pass: count(row, 4)?,
                fail: count(row, 5)?,
                unknown: count(row, 6)?,
                not_applicable: count(row, 7)?,
                vacuous: count(row, 8)?,
                exempt: count(row, 9)?,
            };
            Ok(RunRow { uuid: row.get(0)?, started: row.get(1)?, finished: row.get(2)?, outcome: row.get(3)?, totals })
        };
        let mut statement = self.connection.prepare_cached(sql).map_err(self.trouble("read"))?;
        let rows = statement.query_map([limit], read).map_err(self.trouble("read"))?;
        rows.collect::<Result<_, _>>().map_err(self.trouble("read"))
    }

    /// What changed in a run.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn transitions(&self, run: &str) -> Result<Vec<Transition>, LedgerError> {
        self.changes(&format!("{TRANSITIONS} WHERE run.uuid = ?1 ORDER BY t.id"), params![run])
    }

    /// What changed in a subject over all runs, oldest first; of one check, or of all.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn history(&self, subject: &str, check: Option<&str>) -> Result<Vec<Transition>, LedgerError> {
        self.changes(&format!("{TRANSITIONS} WHERE s.text = ?1 AND (?2 IS NULL OR c.text = ?2) ORDER BY t.id"), params![subject, check])
    }

    fn changes(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Transition>, LedgerError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(self.trouble("read"))?;
        let read = |row: &rusqlite::Row| {
            Ok(Transition {
                run: row.get(0)?,
                check: row.get(1)?,
                subject: row.get(2)?,
                was: row.get(3)?,
                becomes: row.get(4)?,
                exempt: row.get(5)?,
                detail: row.get(6)?,
            })
        };
        let rows = statement.query_map(params, read).map_err(self.trouble("read"))?;
        rows.collect::<Result<_, _>>().map_err(self.trouble("read"))
    }

    /// Since when checks have been failing without a pass in between, by check and scope: the earliest among the subjects that fail
    /// now, or that failed when they were last readable.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn failing_since(&self) -> Result<BTreeMap<(String, String), Timestamp>, LedgerError> {
        let sql = "SELECT c.text, s.text, min(state.failing_since) FROM state JOIN name c ON c.id = state.check_name JOIN name s ON s.id = state.scope
                   WHERE state.failing_since IS NOT NULL GROUP BY 1, 2";
        let mut statement = self.connection.prepare_cached(sql).map_err(self.trouble("read"))?;
        let read = |row: &rusqlite::Row| {
            let since: String = row.get(2)?;
            let since = since
                .parse()
                .map_err(|error: jiff::Error| rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, error.into()))?;
            Ok(((row.get(0)?, row.get(1)?), since))
        };
        let rows = statement.query_map([], read).map_err(self.trouble("read"))?;
        rows.collect::<Result<_, _>>().map_err(self.trouble("read"))
    }

    /// A stored document, checked against its hash.
    ///
    /// # Errors
    /// If the file cannot be read, or what is stored is not what was stored.
    pub fn document(&self, sha256: &[u8; 32]) -> Result<Option<Vec<u8>>, LedgerError> {
        let found: Option<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT size, content FROM document WHERE sha256 = ?1")
            .and_then(|mut find| find.query_row([&sha256[..]], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map_err(self.trouble("read"))?;
        let Some((size, content)) = found else { return Ok(None) };
        let damaged = || LedgerError::Damaged { path: self.path.clone(), sha256: hex(sha256) };
        let bytes = unpacked(&content, size).filter(|bytes| Sha256::digest(bytes)[..] == sha256[..]);
        bytes.map(Some).ok_or_else(damaged)
    }

    /// How many documents are stored.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn count_documents(&self) -> Result<u64, LedgerError> {
        let count: i64 = self.connection.query_row("SELECT count(*) FROM document", [], |row| row.get(0)).map_err(self.trouble("read"))?;
        Ok(count as u64)
    }
}

/// What the content unpacks to, if that is as long as it should be. Memory is taken as bytes come, not as the file claims.
fn unpacked(content: &[u8], size: i64) -> Option<Vec<u8>> {
    let size = u64::try_from(size).ok().filter(|&size| size <= LARGEST)?;
    let mut bytes = Vec::new();
    zstd::Decoder::with_buffer(content).ok()?.take(size + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == size).then_some(bytes)
}
