//! Ticks: the times at which schedules are due. Each is there once, whoever claims it; what became of it is said, also of those that nobody
//! carried out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::run::Owner;
use crate::log::append::instant;
use crate::store::{Row, Value};
use crate::{Event, Ledger, LedgerError, Tx};

/// Something became of a tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickStep {
    /// When.
    pub at: Timestamp,
    /// The schedule, and the scope where it is one of several.
    pub schedule: String,
    /// When it was due, before jitter.
    pub due: Timestamp,
    /// What.
    pub state: TickState,
    /// Why, where there is something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many due times this row stands for, the first of which is `due`; more than one only of those that were missed.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: u64,
    /// The last due time that it stands for, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

fn one() -> u64 {
    1
}

fn is_one(count: &u64) -> bool {
    *count == 1
}

/// What can become of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TickState {
    /// It waits for the one before it.
    Waiting,
    /// Somebody carries it out.
    Running,
    /// It was carried out.
    Done,
    /// It was carried out, and that failed.
    Failed,
    /// Whoever carried it out is gone.
    Interrupted,
    /// It was given up for a later one.
    Cancelled,
    /// Its time came, and it was left out on purpose.
    Skipped,
    /// Its time passed while nobody was there.
    Missed,
}

impl TickState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            TickState::Waiting => "waiting",
            TickState::Running => "running",
            TickState::Done => "done",
            TickState::Failed => "failed",
            TickState::Interrupted => "interrupted",
            TickState::Cancelled => "cancelled",
            TickState::Skipped => "skipped",
            TickState::Missed => "missed",
        }
    }

    /// Whether nothing more becomes of it.
    pub fn is_over(self) -> bool {
        match self {
            TickState::Waiting | TickState::Running => false,
            TickState::Done
            | TickState::Failed
            | TickState::Interrupted
            | TickState::Cancelled
            | TickState::Skipped
            | TickState::Missed => true,
        }
    }
}

impl std::str::FromStr for TickState {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        serde_json::from_value(word.into()).map_err(|_| format!("`{word}` is no state of a tick"))
    }
}

/// A tick as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TickRow {
    /// The number of the entry that first spoke of it.
    pub id: u64,
    /// The schedule.
    pub schedule: String,
    /// When it was due.
    pub due: Timestamp,
    /// What became of it.
    pub state: TickState,
    /// Why.
    pub reason: Option<String>,
    /// How many due times it stands for.
    pub count: u64,
    /// The last of them, where there are several.
    pub until: Option<Timestamp>,
    /// When it was begun.
    pub started: Option<Timestamp>,
    /// When it was over.
    pub ended: Option<Timestamp>,
}

impl TickStep {
    /// A step of a tick.
    pub fn new(at: Timestamp, schedule: &str, due: Timestamp, state: TickState, reason: Option<String>) -> Self {
        Self { at, schedule: schedule.to_owned(), due, state, reason, count: 1, until: None }
    }

    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        let (at, due, until) = (instant(self.at), instant(self.due), self.until.map(instant));
        let known =
            tx.first("SELECT id, state FROM tick WHERE schedule = ?1 AND due = ?2", &[(&self.schedule).into(), Value::Text(&due)])?;
        let started = (self.state == TickState::Running).then_some(&at);
        let ended = self.state.is_over().then_some(&at);
        let Some(known) = known else {
            let row = [
                seq.into(),
                (&self.schedule).into(),
                Value::Text(&due),
                self.state.as_str().into(),
                self.reason.as_ref().into(),
                self.count.into(),
                until.as_ref().into(),
                started.into(),
                ended.into(),
            ];
            return tx.put(
                "INSERT INTO tick (id, schedule, due, state, reason, count, until, started, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                &row,
            );
        };
        let was: TickState = known.parsed(1)?;
        if was.is_over() || self.state == TickState::Waiting || (was, self.state) == (TickState::Running, TickState::Running) {
            let (schedule, was) = (&self.schedule, was.as_str());
            return Err(LedgerError::Refused(format!("`{schedule}` of {} is {was} and cannot be {}", self.due, self.state.as_str())));
        }
        let row = [known.int(0)?.into(), self.state.as_str().into(), self.reason.as_ref().into(), started.into(), ended.into()];
        tx.put("UPDATE tick SET state = ?2, reason = coalesce(?3, reason), started = coalesce(?4, started), ended = ?5 WHERE id = ?1", &row)
    }
}

const COLUMNS: &str = "id, schedule, due, state, reason, count, until, started, ended";

fn read(row: &Row) -> Result<TickRow, LedgerError> {
    Ok(TickRow {
        id: row.count(0)?,
        schedule: row.text(1)?,
        due: row.parsed(2)?,
        state: row.parsed(3)?,
        reason: row.opt_text(4)?,
        count: row.count(5)?,
        until: row.opt_parsed(6)?,
        started: row.opt_parsed(7)?,
        ended: row.opt_parsed(8)?,
    })
}

impl Tx<'_> {
    /// Claims a tick: none if somebody has, or something has become of it already. A waiting one can be claimed.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn claim_tick(&mut self, at: Timestamp, schedule: &str, due: Timestamp, owner: &Owner) -> Result<Option<u64>, LedgerError> {
        let known =
            self.first("SELECT id, state FROM tick WHERE schedule = ?1 AND due = ?2", &[schedule.into(), Value::Text(&instant(due))])?;
        let waiting = known.as_ref().map(|row| row.parsed::<TickState>(1)).transpose()?;
        if waiting.is_some_and(|state| state != TickState::Waiting) {
            return Ok(None);
        }
        let seq = self.append(&Event::Tick(TickStep::new(at, schedule, due, TickState::Running, None)))?;
        let tick = known.map_or(Ok(seq), |row| row.count(0))?;
        let row = [tick.into(), Value::Text(owner.as_str()), Value::Text(&instant(at))];
        self.put("INSERT INTO work_tick (tick, owner, beat) VALUES (?1, ?2, ?3)", &row)?;
        Ok(Some(tick))
    }

    /// Says what became of a tick that was claimed or waited. One that something has become of meanwhile is left.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn end_tick(&mut self, at: Timestamp, tick: u64, state: TickState, reason: Option<String>) -> Result<bool, LedgerError> {
        let Some(row) = self.first(&format!("SELECT {COLUMNS} FROM tick WHERE id = ?1"), &[tick.into()])? else { return Ok(false) };
        let known = read(&row)?;
        if known.state.is_over() {
            return Ok(false);
        }
        if state != TickState::Done {
            self.interrupt_runs_of(tick, at, state)?;
        }
        self.append(&Event::Tick(TickStep::new(at, &known.schedule, known.due, state, reason)))?;
        self.put("DELETE FROM work_tick WHERE tick = ?1", &[tick.into()])?;
        Ok(true)
    }

    /// Runs that were begun for a tick which is over are over too.
    fn interrupt_runs_of(&mut self, tick: u64, at: Timestamp, state: TickState) -> Result<(), LedgerError> {
        for row in self.query("SELECT id FROM run WHERE tick = ?1 AND ended IS NULL ORDER BY id", &[tick.into()])? {
            let (run, reason) = (row.count(0)?, format!("its tick is {}", state.as_str()));
            self.append(&Event::RunInterrupted(super::run::RunInterrupted { at, run, reason }))?;
            self.put("DELETE FROM work_run WHERE run = ?1", &[run.into()])?;
        }
        Ok(())
    }

    /// Says that whoever carries out a tick is alive.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn beat_tick(&mut self, tick: u64, now: Timestamp) -> Result<(), LedgerError> {
        self.put("UPDATE work_tick SET beat = ?2 WHERE tick = ?1", &[tick.into(), Value::Text(&instant(now))])
    }

    /// Marks ticks as interrupted whose owner is known to be dead, or was not heard of for long. Gives them.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn give_up_ticks(&mut self, now: Timestamp) -> Result<Vec<TickRow>, LedgerError> {
        let mut given_up = Vec::new();
        for row in self.query("SELECT tick, owner, beat FROM work_tick ORDER BY tick", &[])? {
            let (tick, owner, beat): (u64, String, Timestamp) = (row.count(0)?, row.text(1)?, row.parsed(2)?);
            if let Some(reason) = Owner::of(&owner).is_gone(beat, now) {
                self.end_tick(now, tick, TickState::Interrupted, Some(reason))?;
                let row = self.first(&format!("SELECT {COLUMNS} FROM tick WHERE id = ?1"), &[tick.into()])?;
                given_up.extend(row.as_ref().map(read).transpose()?);
            }
        }
        Ok(given_up)
    }

    /// The ticks of a schedule that are not over, oldest first.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn unfinished_ticks(&mut self, schedule: &str) -> Result<Vec<TickRow>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM tick WHERE schedule = ?1 AND state IN ('waiting', 'running') ORDER BY due");
        self.query(&sql, &[schedule.into()])?.iter().map(read).collect()
    }

    /// When the last tick of a schedule that was carried out was over.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn last_ended(&mut self, schedule: &str) -> Result<Option<Timestamp>, LedgerError> {
        let row = self.first("SELECT max(ended) FROM tick WHERE schedule = ?1 AND started IS NOT NULL", &[schedule.into()])?;
        row.map_or(Ok(None), |row| row.opt_parsed(0))
    }

    /// The last due time of a schedule that is on record.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn last_due(&mut self, schedule: &str) -> Result<Option<Timestamp>, LedgerError> {
        let row = self.first("SELECT max(coalesce(until, due)) FROM tick WHERE schedule = ?1", &[schedule.into()])?;
        row.map_or(Ok(None), |row| row.opt_parsed(0))
    }
}

impl Ledger {
    /// The ticks between two instants, of one schedule or of all, oldest first.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn ticks(&mut self, schedule: Option<&str>, from: Timestamp, until: Timestamp) -> Result<Vec<TickRow>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM tick WHERE (?1 = '' OR schedule = ?1) AND coalesce(until, due) >= ?2 AND due < ?3 ORDER BY due, schedule"
        );
        let params = [schedule.unwrap_or("").into(), Value::Text(&instant(from)), Value::Text(&instant(until))];
        self.store.query(&sql, &params)?.iter().map(read).collect()
    }
}
