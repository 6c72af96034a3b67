//! Where the record lies: as the flag or the environment says, else the configuration, else where the platform keeps state.

use etcetera::BaseStrategy;
use ledger::{Ledger, Location};

use crate::config::Config;
use crate::failure::Failure;

/// Which ledger a command speaks to.
#[derive(clap::Args, Clone, Debug, Default)]
#[group(skip)]
pub struct LedgerArgs {
    /// The ledger, instead of the configured one: a SQLite file, or the postgres:// URL of a database
    #[arg(long, value_name = "FILE|URL", env = "ASSIZE_LEDGER", hide_env_values = true)]
    ledger: Option<String>,
}

impl LedgerArgs {
    /// The place of the record.
    pub fn location(&self, config: &Config) -> Result<Location, Failure> {
        if let Some(said) = &self.ledger {
            return Ok(Location::of(said));
        }
        match (&config.ledger.url, &config.ledger.path) {
            (Some(url), _) => Ok(Location::of(url)),
            (None, Some(path)) => Ok(Location::File(config.path(path))),
            (None, None) => {
                let platform = etcetera::choose_base_strategy().map_err(Failure::internal)?;
                let state = platform.state_dir().unwrap_or_else(|| platform.data_dir());
                Ok(Location::File(state.join("assize").join("ledger.sqlite")))
            }
        }
    }

    /// The record.
    pub fn open(&self, config: &Config) -> Result<Ledger, Failure> {
        Ledger::open(&self.location(config)?).map_err(Failure::internal)
    }
}
