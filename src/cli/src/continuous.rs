//! What the daemon does when something is due: the same as `assess`, for one scope, with what the record knows.

mod job;
mod loaded;
mod passing;
mod standing;

use std::path::PathBuf;
use std::sync::Arc;

use daemon::alerts::{Alert, Entry, route};
use daemon::cycle::{Future, Job, Work};
use daemon::metrics::Standing;
use daemon::reload::Reload;
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, Location};
use schedule::Schedule;

pub use loaded::Loaded;

/// The daemon's work.
pub struct Continuous {
    /// What is configured; a reload puts another in its place.
    pub loaded: Reload<Loaded>,
    /// Where the record lies. It stays the same for as long as the daemon runs.
    pub location: Location,
    /// Where documents and reports go, a folder for each scope.
    pub output: PathBuf,
    /// What time it is.
    pub clock: daemon::Clock,
}

impl Work for Continuous {
    fn schedules(&self) -> Vec<Schedule> {
        self.loaded.current().schedules.clone()
    }

    fn scopes(&self) -> Vec<String> {
        self.loaded.current().config.scope.iter().map(|scope| scope.name.clone()).collect()
    }

    fn carry_out(self: Arc<Self>, job: Job) -> Future<'static, Result<String, String>> {
        Box::pin(async move { job::carry_out(&self, &job).await.map_err(|failure| failure.to_string()) })
    }

    fn in_passing(&self, ledger: &mut Ledger, now: Timestamp) -> Result<(), LedgerError> {
        passing::in_passing(self, ledger, now)
    }

    fn route(&self, alerts: &[Alert], now: Timestamp) -> Vec<Entry> {
        if alerts.is_empty() { Vec::new() } else { route(&self.loaded.current().channels, alerts, now) }
    }

    fn standing(&self, ledger: &mut Ledger, now: Timestamp) -> Result<Standing, LedgerError> {
        standing::standing(&self.loaded.current(), ledger, now)
    }
}
