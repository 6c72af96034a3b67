//! What can happen to the record. Each sort has a room of its own under `room/`, which says what it holds and what follows from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::append::Tx;
use super::checkpoint::Signed;
use crate::LedgerError;
use crate::room::{coverage, exemption, finding, retention, run, state, tick, window};

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A run began.
    RunStarted(run::RunStarted),
    /// A run ended by itself.
    RunEnded(run::RunEnded),
    /// A run was found dead.
    RunInterrupted(run::RunInterrupted),
    /// The checks of a kind, in the order that verdicts are written in.
    Checks(state::Checks),
    /// A subject was judged, and something of it is not as it was.
    Observed(state::Observed),
    /// A subject is no longer there.
    Gone(state::Gone),
    /// A list was looked through, or could not be.
    Listed(coverage::Listed),
    /// Something became of a tick of a schedule.
    Tick(tick::TickStep),
    /// A window of events was looked through, or could not be.
    Window(window::Looked),
    /// A step in the life of an exemption.
    Exemption(exemption::ExemptionStep),
    /// A step in the life of a finding.
    Finding(finding::FindingStep),
    /// A plan of action and milestones was frozen.
    Frozen(finding::Frozen),
    /// Documents were let go.
    Pruned(retention::Pruned),
    /// A checkpoint was signed.
    Signed(Signed),
}

/// What each entry is filed under.
pub(crate) struct Filed<'e> {
    pub(crate) kind: &'static str,
    pub(crate) at: Timestamp,
    pub(crate) run: Option<u64>,
    pub(crate) subject: Option<&'e str>,
}

impl Event {
    /// What the entry is filed under.
    pub(crate) fn filed(&self) -> Filed<'_> {
        let plain = |kind, at| Filed { kind, at, run: None, subject: None };
        let of_run = |kind, at, run| Filed { run: Some(run), ..plain(kind, at) };
        match self {
            Event::RunStarted(event) => plain("run-started", event.at),
            Event::RunEnded(event) => of_run("run-ended", event.at, event.run),
            Event::RunInterrupted(event) => of_run("run-interrupted", event.at, event.run),
            Event::Checks(event) => plain("checks", event.at),
            Event::Observed(event) => Filed { subject: Some(&event.subject), ..of_run("observed", event.at, event.run) },
            Event::Gone(event) => Filed { subject: Some(&event.subject), ..of_run("gone", event.at, event.run) },
            Event::Listed(event) => of_run("listed", event.at, event.run),
            Event::Tick(event) => plain("tick", event.at),
            Event::Window(event) => plain("window", event.at),
            Event::Exemption(event) => Filed { subject: Some(&event.exemption), ..plain("exemption", event.at) },
            Event::Finding(event) => Filed { subject: Some(&event.finding), run: event.run, ..plain("finding", event.at) },
            Event::Frozen(event) => plain("frozen", event.at),
            Event::Pruned(event) => plain("pruned", event.at),
            Event::Signed(event) => plain("signed", event.at),
        }
    }

    /// Writes what follows from the event. It knows nothing but the record and the event, so that the log alone can make the record anew.
    pub(crate) fn apply(&self, tx: &mut Tx, seq: u64) -> Result<(), LedgerError> {
        match self {
            Event::RunStarted(event) => event.apply(tx, seq),
            Event::RunEnded(event) => event.apply(tx),
            Event::RunInterrupted(event) => event.apply(tx),
            Event::Checks(event) => event.apply(tx, seq),
            Event::Observed(event) => event.apply(tx, seq),
            Event::Gone(event) => event.apply(tx),
            Event::Listed(event) => event.apply(tx, seq),
            Event::Tick(event) => event.apply(tx, seq),
            Event::Window(event) => event.apply(tx, seq),
            Event::Exemption(event) => event.apply(tx, seq),
            Event::Finding(event) => event.apply(tx, seq),
            Event::Frozen(event) => event.apply(tx, seq),
            Event::Pruned(event) => event.apply(tx, seq),
            Event::Signed(event) => event.apply(tx),
        }
    }
}
