//! The outbox in memory, for tests: it keeps its promises, but not over the end of the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use super::outbox::{Depth, Entry, Message, Outbox, OutboxError, Outcome};

/// Rows as the ledger's table has them. Clones are the same outbox.
#[derive(Clone, Debug, Default)]
pub struct MemoryOutbox(Arc<Mutex<BTreeMap<Uuid, Row>>>);

#[derive(Clone, Debug)]
struct Row {
    entry: Entry,
    message: Option<Uuid>,
    attempts: u32,
    due: Timestamp,
    lease: Option<(Uuid, Timestamp)>,
    state: State,
    ended: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Open,
    Done,
    Dead(String),
}

impl MemoryOutbox {
    fn rows(&self) -> MutexGuard<'_, BTreeMap<Uuid, Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entries that are done.
    pub fn done(&self) -> Vec<Uuid> {
        self.rows().values().filter(|row| row.state == State::Done).map(|row| row.entry.id).collect()
    }

    /// The entries that are given up, and why.
    pub fn dead(&self) -> Vec<(Uuid, String)> {
        let told = |row: &Row| match &row.state {
            State::Dead(reason) => Some((row.entry.id, reason.clone())),
            State::Open | State::Done => None,
        };
        self.rows().values().filter_map(told).collect()
    }
}

impl Row {
    fn open(&self) -> bool {
        self.state == State::Open
    }

    fn end(&mut self, state: State, now: Timestamp) {
        self.state = state;
        self.lease = None;
        self.ended = Some(now);
    }
}

impl Outbox for MemoryOutbox {
    fn put(&self, entries: &[Entry]) -> Result<(), OutboxError> {
        let mut rows = self.rows();
        for entry in entries {
            let (entry, due) = (entry.clone(), entry.created);
            rows.entry(entry.id).or_insert(Row { entry, message: None, attempts: 0, due, lease: None, state: State::Open, ended: None });
        }
        Ok(())
    }

    fn waiting(&self, channel: &str, limit: usize) -> Result<Vec<Entry>, OutboxError> {
        let rows = self.rows();
        let waits = |row: &&Row| row.open() && row.message.is_none() && row.entry.channel == channel;
        let mut found: Vec<Entry> = rows.values().filter(waits).map(|row| row.entry.clone()).collect();
        found.sort_by_key(|entry| (entry.created, entry.id));
        found.truncate(limit);
        Ok(found)
    }

    fn bundle(&self, message: Uuid, entries: &[Uuid], now: Timestamp) -> Result<bool, OutboxError> {
        let mut rows = self.rows();
        if !entries.iter().all(|id| rows.get(id).is_some_and(|row| row.open() && row.message.is_none())) {
            return Ok(false);
        }
        for row in rows.values_mut().filter(|row| entries.contains(&row.entry.id)) {
            row.message = Some(message);
            row.due = now;
        }
        Ok(true)
    }

    fn claim(&self, channel: &str, owner: Uuid, now: Timestamp, until: Timestamp) -> Result<Option<Message>, OutboxError> {
        let mut rows = self.rows();
        let free = |row: &&Row| {
            let held = row.lease.is_some_and(|(_, until)| until > now);
            row.open() && row.message.is_some() && row.entry.channel == channel && row.due <= now && !held
        };
        let Some(id) = rows.values().filter(free).min_by_key(|row| (row.due, row.message)).and_then(|row| row.message) else {
            return Ok(None);
        };
        let mut entries = Vec::new();
        let mut attempts = 0;
        for row in rows.values_mut().filter(|row| row.message == Some(id)) {
            row.lease = Some((owner, until));
            row.attempts += 1;
            attempts = row.attempts;
            entries.push(row.entry.clone());
        }
        entries.sort_by_key(|entry| (entry.created, entry.id));
        Ok(Some(Message { id, channel: channel.to_owned(), entries, attempts }))
    }

    fn settle(&self, message: Uuid, owner: Uuid, outcome: &Outcome, now: Timestamp) -> Result<bool, OutboxError> {
        let mut settled = false;
        let mine = |row: &&mut Row| row.open() && row.message == Some(message) && row.lease.is_some_and(|(holder, _)| holder == owner);
        for row in self.rows().values_mut().filter(mine) {
            settled = true;
            match outcome {
                Outcome::Done => row.end(State::Done, now),
                Outcome::Dead { reason } => row.end(State::Dead(reason.clone()), now),
                Outcome::Retry { at, reason: _ } => {
                    row.due = *at;
                    row.lease = None;
                }
            }
        }
        Ok(settled)
    }

    fn abandon(&self, known: &[&str], reason: &str, now: Timestamp) -> Result<BTreeMap<String, u64>, OutboxError> {
        let mut found = BTreeMap::new();
        for row in self.rows().values_mut().filter(|row| row.open() && !known.contains(&row.entry.channel.as_str())) {
            *found.entry(row.entry.channel.clone()).or_default() += 1;
            row.end(State::Dead(reason.to_owned()), now);
        }
        Ok(found)
    }

    fn forget(&self, before: Timestamp) -> Result<u64, OutboxError> {
        let mut rows = self.rows();
        let size = rows.len();
        rows.retain(|_, row| row.state != State::Done || row.ended.is_none_or(|ended| ended >= before));
        Ok((size - rows.len()) as u64)
    }

    fn depth(&self) -> Result<BTreeMap<String, Depth>, OutboxError> {
        let mut found: BTreeMap<String, Depth> = BTreeMap::new();
        for row in self.rows().values() {
            let depth = found.entry(row.entry.channel.clone()).or_default();
            match (&row.state, row.message) {
                (State::Open, None) => depth.waiting += 1,
                (State::Open, Some(_)) => depth.sending += 1,
                (State::Dead(_), _) => depth.dead += 1,
                (State::Done, _) => {}
            }
            if row.open() {
                depth.oldest = Some(depth.oldest.map_or(row.entry.created, |oldest| oldest.min(row.entry.created)));
            }
        }
        Ok(found)
    }
}
