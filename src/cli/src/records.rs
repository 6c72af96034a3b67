//! What the commands have in common that ask the record: which configuration, which ledger, which time it is.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ledger::{Ledger, LedgerError};

use crate::config::{self, Config};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledgers::LedgerArgs;
use crate::times;

/// Which record, and when.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)]
pub struct RecordArgs {
    /// The configuration; absent: config.toml, or the defaults where there is none
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// The instant to take for now, instead of the clock's
    #[arg(long, value_name = "TIME", value_parser = times::instant)]
    now: Option<Timestamp>,
}

impl RecordArgs {
    /// The configuration.
    pub fn config(&self) -> Result<Config, Failure> {
        match &self.config {
            Some(path) => config::read(path).map_err(Failure::Files),
            None if Path::new("config.toml").exists() => config::read(Path::new("config.toml")).map_err(Failure::Files),
            None => Ok(Config::default()),
        }
    }

    /// The record. It is never made by asking it something.
    pub fn open(&self, config: &Config) -> Result<Ledger, Failure> {
        let location = self.ledger.location(config)?;
        Ledger::find(&location).map_err(told)?.ok_or_else(|| {
            Failure::usage(format!("there is no ledger at `{location}`; `assize assess` makes one, or name another with --ledger"))
        })
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }
}

/// A trouble with the record, with its exit code: what it refuses is a mistake of whoever asked.
pub fn told(error: LedgerError) -> Failure {
    match error {
        LedgerError::Refused(_) | LedgerError::TooLarge { .. } | LedgerError::Foreign { .. } => Failure::Other(Exit::Usage, error.into()),
        LedgerError::Open { .. }
        | LedgerError::Newer { .. }
        | LedgerError::Early { .. }
        | LedgerError::Busy { .. }
        | LedgerError::Lost { .. }
        | LedgerError::Statement { .. }
        | LedgerError::Undone { .. }
        | LedgerError::NoDocument { .. }
        | LedgerError::Altered { .. }
        | LedgerError::Signer(_) => Failure::internal(error),
    }
}
