//! What is still to be told, kept where a crash cannot reach it. The ledger keeps it in its table `work_outbox`; a test in memory.
//!
//! One row is one alert for one channel ([`Entry`]). It waits, is bundled with others into a [`Message`] (the message's id is written on
//! each of its rows), is claimed under a lease, and is settled: done, to be tried again, or dead. Every function is one transaction, so
//! that whatever comes next after a crash finds a whole state:
//!
//! ```text
//! work_outbox(id PRIMARY KEY, channel, alert JSON, created, message NULL, attempts, due, owner NULL, leased_until, state, reason, ended)
//!   waiting  = state 'open' and message is null
//!   sending  = state 'open' and message is not null
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::Alert;

/// One alert for one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Out of the alert and the channel.
    pub id: Uuid,
    /// The channel's name.
    pub channel: String,
    /// What it is told.
    pub alert: Alert,
    /// When it was put in.
    pub created: Timestamp,
}

/// Entries that are sent together. The same id has the same entries for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What receivers know it by, at every attempt.
    pub id: Uuid,
    /// The channel's name.
    pub channel: String,
    /// Its entries, by `created` and id.
    pub entries: Vec<Entry>,
    /// How often it has been claimed, this time included.
    pub attempts: u32,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived.
    Done,
    /// Not yet.
    Retry {
        /// When to try again.
        at: Timestamp,
        /// Why it did not arrive.
        reason: String,
    },
    /// It is given up.
    Dead {
        /// Why.
        reason: String,
    },
}

/// How much is in the outbox for a channel, in alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// In no message yet.
    pub waiting: u64,
    /// In a message that has not arrived.
    pub sending: u64,
    /// Given up.
    pub dead: u64,
    /// Since when the oldest of those that have not arrived and are not given up waits.
    pub oldest: Option<Timestamp>,
}

/// The outbox cannot be read or written now.
#[derive(Debug, thiserror::Error)]
#[error("the outbox cannot be {doing}")]
pub struct OutboxError {
    /// `read` or `written`.
    pub doing: &'static str,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Keeps entries until they are settled. Functions may block; the dispatcher calls them where that is allowed.
pub trait Outbox: Send + Sync + 'static {
    /// Puts entries in; one that has ever been in is not put in again. What belongs to an effect is put in by the effect's own
    /// transaction, which does the same.
    ///
    /// # Errors
    /// If it cannot be written: then none of them is in.
    fn put(&self, entries: &[Entry]) -> Result<(), OutboxError>;

    /// Entries of a channel that wait, the oldest (by `created`, then id) first.
    ///
    /// # Errors
    /// If it cannot be read.
    fn waiting(&self, channel: &str, limit: usize) -> Result<Vec<Entry>, OutboxError>;

    /// Makes a message of waiting entries, due at `now`. `false`, and nothing is changed, if any of them no longer waits.
    ///
    /// # Errors
    /// If it cannot be written.
    fn bundle(&self, message: Uuid, entries: &[Uuid], now: Timestamp) -> Result<bool, OutboxError>;

    /// Takes a channel's message that is due at `now` and that nobody holds, the one that is due longest first, and holds it for `owner`
    /// until `until`. Adds one to its attempts.
    ///
    /// # Errors
    /// If it cannot be written.
    fn claim(&self, channel: &str, owner: Uuid, now: Timestamp, until: Timestamp) -> Result<Option<Message>, OutboxError>;

    /// Settles a message that `owner` holds. `false`, and nothing is changed, if somebody else holds it or it is settled: the lease was
    /// too short, and others have gone on.
    ///
    /// # Errors
    /// If it cannot be written.
    fn settle(&self, message: Uuid, owner: Uuid, outcome: &Outcome, now: Timestamp) -> Result<bool, OutboxError>;

    /// Gives up what is for channels that are not among `known`, and says how many alerts of which channel that were.
    ///
    /// # Errors
    /// If it cannot be written.
    fn abandon(&self, known: &[&str], reason: &str, now: Timestamp) -> Result<BTreeMap<String, u64>, OutboxError>;

    /// Forgets what was done before a time. What is forgotten could be put in anew, so this must be longer than an effect can be repeated.
    ///
    /// # Errors
    /// If it cannot be written.
    fn forget(&self, before: Timestamp) -> Result<u64, OutboxError>;

    /// How much there is, by channel.
    ///
    /// # Errors
    /// If it cannot be read.
    fn depth(&self) -> Result<BTreeMap<String, Depth>, OutboxError>;
}
