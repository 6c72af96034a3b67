//! The outbox that the ledger keeps.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use ledger::room::outbox::{Settled, Told};
use ledger::{Ledger, LedgerError, Tx};
use uuid::Uuid;

use super::outbox::{Depth, Entry, Message, Outbox, OutboxError, Outcome};

/// The outbox of a ledger, over a connection of its own.
pub struct KeptOutbox(Mutex<Ledger>);

impl KeptOutbox {
    /// The outbox of this ledger.
    pub fn new(ledger: Ledger) -> Self {
        Self(Mutex::new(ledger))
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts entries in, in the change whose effect they tell of.
///
/// # Errors
/// If it cannot be written.
pub fn put_beside(tx: &mut Tx, entries: &[Entry]) -> Result<(), LedgerError> {
    entries.iter().try_for_each(|entry| tx.put_told(&told(entry)))
}

fn told(entry: &Entry) -> Told {
    let alert = serde_json::to_string(&entry.alert).expect("an alert is plain JSON");
    Told { id: entry.id.to_string(), channel: entry.channel.clone(), alert, created: entry.created }
}

fn entry(told: Told) -> Result<Entry, OutboxError> {
    let odd = |source: Box<dyn std::error::Error + Send + Sync>| OutboxError { doing: "read", source };
    let id = told.id.parse().map_err(|error: uuid::Error| odd(error.into()))?;
    let alert = serde_json::from_str(&told.alert).map_err(|error| odd(error.into()))?;
    Ok(Entry { id, channel: told.channel, alert, created: told.created })
}

fn read(error: LedgerError) -> OutboxError {
    OutboxError { doing: "read", source: error.into() }
}

fn written(error: LedgerError) -> OutboxError {
    OutboxError { doing: "written", source: error.into() }
}

impl Outbox for KeptOutbox {
    fn put(&self, entries: &[Entry]) -> Result<(), OutboxError> {
        self.ledger().write(|tx| put_beside(tx, entries)).map_err(written)
    }

    fn waiting(&self, channel: &str, limit: usize) -> Result<Vec<Entry>, OutboxError> {
        self.ledger().waiting_told(channel, limit).map_err(read)?.into_iter().map(entry).collect()
    }

    fn bundle(&self, message: Uuid, entries: &[Uuid], now: Timestamp) -> Result<bool, OutboxError> {
        let entries: Vec<String> = entries.iter().map(Uuid::to_string).collect();
        self.ledger().bundle_told(&message.to_string(), &entries, now).map_err(written)
    }

    fn claim(&self, channel: &str, owner: Uuid, now: Timestamp, until: Timestamp) -> Result<Option<Message>, OutboxError> {
        let held = self.ledger().claim_told(channel, &owner.to_string(), now, until).map_err(written)?;
        let Some(held) = held else { return Ok(None) };
        let id = held.id.parse().map_err(|error: uuid::Error| OutboxError { doing: "read", source: error.into() })?;
        let entries = held.entries.into_iter().map(entry).collect::<Result<_, _>>()?;
        Ok(Some(Message { id, channel: channel.to_owned(), entries, attempts: held.attempts }))
    }

    fn settle(&self, message: Uuid, owner: Uuid, outcome: &Outcome, now: Timestamp) -> Result<bool, OutboxError> {
        let settled = match outcome {
            Outcome::Done => Settled::Done,
            Outcome::Retry { at, reason } => Settled::Retry(*at, reason.clone()),
            Outcome::Dead { reason } => Settled::Dead(reason.clone()),
        };
        self.ledger().settle_told(&message.to_string(), &owner.to_string(), &settled, now).map_err(written)
    }

    fn abandon(&self, known: &[&str], reason: &str, now: Timestamp) -> Result<BTreeMap<String, u64>, OutboxError> {
        self.ledger().abandon_told(known, reason, now).map_err(written)
    }

    fn forget(&self, before: Timestamp) -> Result<u64, OutboxError> {
        self.ledger().forget_told(before).map_err(written)
    }

    fn depth(&self) -> Result<BTreeMap<String, Depth>, OutboxError> {
        let found = self.ledger().depth_told().map_err(read)?;
        Ok(found
            .into_iter()
            .map(|(channel, (waiting, sending, dead, oldest))| (channel, Depth { waiting, sending, dead, oldest }))
            .collect())
    }
}
