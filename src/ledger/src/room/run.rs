//! Runs: when, by which program, on which inputs and scopes, because of which tick, how it ended, its totals and the files that it wrote.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::log::append::instant;
use crate::log::merkle::Hash;
use crate::store::{Row, Value};
use crate::{Event, Ledger, LedgerError, Tx};

mod owner;

pub use owner::Owner;

/// A run began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStarted {
    /// When.
    pub at: Timestamp,
    /// Its own id.
    pub uuid: Uuid,
    /// The program and its version.
    pub program: String,
    /// A digest of checks, parameters, exemptions and configuration.
    pub inputs: String,
    /// What it looks at.
    pub scopes: Vec<String>,
    /// The tick that it was started for, by the number of the entry that claimed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tick: Option<u64>,
}

/// A run ended by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnded {
    /// When.
    pub at: Timestamp,
    /// Which.
    pub run: u64,
    /// How it went, in a word.
    pub outcome: String,
    /// Its verdicts.
    pub totals: Totals,
    /// The documents that it wrote, by name, as hashes in hexadecimal digits.
    pub documents: Vec<(String, String)>,
}

/// A run was found dead: whoever carried it out is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInterrupted {
    /// When it was found.
    pub at: Timestamp,
    /// Which.
    pub run: u64,
    /// Why it is thought to be dead.
    pub reason: String,
}

/// How many verdicts of each sort a run had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the words of the verdicts")]
pub struct Totals {
    pub pass: u64,
    pub fail: u64,
    pub unknown: u64,
    pub not_applicable: u64,
    pub vacuous: u64,
    pub exempt: u64,
}

/// A run as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// The number of the entry that began it.
    pub id: u64,
    /// Its own id.
    pub uuid: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; none where it did not.
    pub ended: Option<Timestamp>,
    /// What its checks, parameters and exemptions were, as a digest.
    pub inputs: String,
    /// `running`, `interrupted`, or how it went.
    pub outcome: String,
    /// Its verdicts.
    pub totals: Totals,
}

impl RunStarted {
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        let (uuid, scopes) = (self.uuid.to_string(), self.scopes.join("\n"));
        let row = [
            seq.into(),
            Value::Text(&uuid),
            Value::Text(&instant(self.at)),
            (&self.program).into(),
            (&self.inputs).into(),
            Value::Text(&scopes),
            self.tick.into(),
        ];
        tx.put(
            "INSERT INTO run (id, uuid, started, program, inputs, scopes, tick, outcome, pass, fail, unknown, not_applicable, vacuous, exempt)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'running', 0, 0, 0, 0, 0, 0)",
            &row,
        )
    }
}

impl RunEnded {
    pub(crate) fn apply(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        for (name, sha256) in &self.documents {
            let sha256 = hash(sha256)?;
            tx.put(
                "INSERT INTO run_document (run, name, sha256) VALUES (?1, ?2, ?3)",
                &[self.run.into(), name.into(), Value::Blob(&sha256)],
            )?;
        }
        let Totals { pass, fail, unknown, not_applicable, vacuous, exempt } = self.totals;
        let counts = [pass, fail, unknown, not_applicable, vacuous, exempt].map(Value::from);
        let at = instant(self.at);
        let row = [&[self.run.into(), Value::Text(&at), (&self.outcome).into()], &counts[..]].concat();
        let ended = tx.execute(
            "UPDATE run SET ended = ?2, outcome = ?3, pass = ?4, fail = ?5, unknown = ?6, not_applicable = ?7, vacuous = ?8, exempt = ?9
             WHERE id = ?1 AND (ended IS NULL OR outcome = 'interrupted')",
            &row,
        )?;
        match ended {
            1 => Ok(()),
            _ => Err(LedgerError::Refused(format!("run {} is not running, and cannot end", self.run))),
        }
    }
}

impl RunInterrupted {
    pub(crate) fn apply(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        let row = [self.run.into(), Value::Text(&instant(self.at))];
        tx.put("UPDATE run SET ended = ?2, outcome = 'interrupted' WHERE id = ?1 AND ended IS NULL", &row)
    }
}

/// A hash out of hexadecimal digits.
pub(crate) fn hash(text: &str) -> Result<Hash, LedgerError> {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| Hash::try_from(bytes).ok());
    bytes.ok_or_else(|| LedgerError::Altered { what: format!("`{text}` is no SHA-256") })
}

const COLUMNS: &str = "id, uuid, started, ended, inputs, outcome, pass, fail, unknown, not_applicable, vacuous, exempt";

fn read(row: &Row) -> Result<RunRow, LedgerError> {
    let totals = Totals {
        pass: row.count(6)?,
        fail: row.count(7)?,
        unknown: row.count(8)?,
        not_applicable: row.count(9)?,
        vacuous: row.count(10)?,
        exempt: row.count(11)?,
    };
    let (id, uuid, started, ended) = (row.count(0)?, row.text(1)?, row.parsed(2)?, row.opt_parsed(3)?);
    Ok(RunRow { id, uuid, started, ended, inputs: row.text(4)?, outcome: row.text(5)?, totals })
}

impl Tx<'_> {
    /// Begins a run: whoever carried out runs that nobody hears of any more is given up.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin_run(&mut self, started: &RunStarted, owner: &Owner) -> Result<u64, LedgerError> {
        self.give_up_runs(started.at)?;
        let run = self.append(&Event::RunStarted(started.clone()))?;
        let row = [run.into(), Value::Text(owner.as_str()), Value::Text(&instant(started.at))];
        self.put("INSERT INTO work_run (run, owner, beat) VALUES (?1, ?2, ?3)", &row)?;
        Ok(run)
    }

    /// Says that the run's owner is alive.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn beat_run(&mut self, run: u64, now: Timestamp) -> Result<(), LedgerError> {
        self.put("UPDATE work_run SET beat = ?2 WHERE run = ?1", &[run.into(), Value::Text(&instant(now))])
    }

    /// Ends a run.
    ///
    /// # Errors
    /// If it cannot be written, or is not running.
    pub fn end_run(&mut self, ended: &RunEnded) -> Result<(), LedgerError> {
        self.append(&Event::RunEnded(ended.clone()))?;
        self.put("DELETE FROM work_run WHERE run = ?1", &[ended.run.into()])
    }

    /// Marks runs as interrupted whose owner is known to be dead, or was not heard of for long.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn give_up_runs(&mut self, now: Timestamp) -> Result<(), LedgerError> {
        for row in self.query("SELECT run, owner, beat FROM work_run ORDER BY run", &[])? {
            let (run, owner, beat): (u64, String, Timestamp) = (row.count(0)?, row.text(1)?, row.parsed(2)?);
            if let Some(reason) = Owner::of(&owner).is_gone(beat, now) {
                self.append(&Event::RunInterrupted(RunInterrupted { at: now, run, reason }))?;
                self.put("DELETE FROM work_run WHERE run = ?1", &[run.into()])?;
            }
        }
        Ok(())
    }
}

impl Ledger {
    /// The latest runs, newest first.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn runs(&mut self, limit: u32) -> Result<Vec<RunRow>, LedgerError> {
        let rows = self.store.query(&format!("SELECT {COLUMNS} FROM run ORDER BY id DESC LIMIT ?1"), &[Value::Int(limit.into())])?;
        rows.iter().map(read).collect()
    }

    /// A run by its own id, by the first letters of it, or by its number.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn run(&mut self, name: &str) -> Result<Option<RunRow>, LedgerError> {
        let number = name.parse::<i64>().unwrap_or(-1);
        let sql = format!("SELECT {COLUMNS} FROM run WHERE id = ?1 OR substr(uuid, 1, CAST(?3 AS INTEGER)) = ?2 ORDER BY id DESC LIMIT 2");
        let rows = self.store.query(&sql, &[number.into(), name.into(), Value::Int(name.len().max(4) as i64)])?;
        match rows.as_slice() {
            [] => Ok(None),
            [one] => read(one).map(Some),
            [..] => Err(LedgerError::Refused(format!("more than one run begins with `{name}`; say more of it"))),
        }
    }

    /// A run by its number.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn run_of(&mut self, number: u64) -> Result<Option<RunRow>, LedgerError> {
        self.store.query(&format!("SELECT {COLUMNS} FROM run WHERE id = ?1"), &[number.into()])?.first().map(read).transpose()
    }

    /// The number of the entry that says how a run ended; none while it runs.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn run_end(&mut self, run: u64) -> Result<Option<u64>, LedgerError> {
        let sql = "SELECT seq FROM log WHERE run = ?1 AND kind IN ('run-ended', 'run-interrupted') ORDER BY seq DESC LIMIT 1";
        self.store.query(sql, &[run.into()])?.first().map(|row| row.count(0)).transpose()
    }

    /// The files that a run wrote, by name.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn run_documents(&mut self, run: u64) -> Result<Vec<(String, Hash)>, LedgerError> {
        let rows = self.store.query("SELECT name, sha256 FROM run_document WHERE run = ?1 ORDER BY name", &[run.into()])?;
        rows.iter().map(|row| Ok((row.text(0)?, row.hash(1)?))).collect()
    }
}
