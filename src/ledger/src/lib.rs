//! The record: a log of everything that was looked at, found and decided, and tables that are made of it.
//!
//! [`Ledger::write`] carries out one change: it appends [`Event`]s, each of which gets the next number, is hashed into a Merkle tree
//! ([`log::merkle`]) and is applied to the tables of its room under [`room`]. So the tables can be made anew of the log, which is what
//! [`Ledger::verify`] does, and the hash that stands for the log stands for all of it; [`Ledger::checkpoint`] signs that hash.
//!
//! Two databases can hold it, a SQLite file and PostgreSQL; `store` knows what differs. Working tables (`work_…`: who carries out what, which
//! events were taken, what is to be told) are no evidence and not in the log, but change together with what follows from them.
//!
//! Knows no cloud, no check, no OSCAL: it takes names, letters and bytes. Takes the time from its callers.

mod error;
pub mod log;
mod open;
pub mod room;
mod store;

use std::collections::HashMap;
use std::sync::Arc;

pub use error::LedgerError;
pub use log::append::Tx;
pub use log::checkpoint::{Proof, keep_outside, kept_outside};
pub use log::note::{Signer, Verifier};
pub use log::verify::{Trust, Verified};
pub use log::{Event, merkle};
pub use room::coverage::Listed;
pub use room::document::{Packed, hex};
pub use room::exemption::ExemptionStep;
pub use room::finding::{FindingStep, Frozen};
pub use room::history::{Stood, Transition};
pub use room::run::{Owner, RunEnded, RunInterrupted, RunRow, RunStarted, Totals};
pub use room::state::{Checks, Detail, Gone, Observed, Open};
pub use room::tick::{TickRow, TickState, TickStep};
pub use room::window::Looked;
pub use store::Location;

/// The record, open for reading and writing.
#[derive(Debug)]
pub struct Ledger {
    store: store::Store,
    /// Numbers of names that were met lately.
    names: HashMap<String, i64>,
    /// Orders of checks that were met.
    sets: HashMap<u64, Arc<[String]>>,
    location: Location,
}
