//! One file per subcommand.

pub mod assess;
pub mod checks;
pub mod coverage;
pub mod daemon;
pub mod diff;
pub mod exemption;
pub mod history;
pub mod ledger;
pub mod oscal;
pub mod permissions;
pub mod poam;
pub mod runs;
pub mod schedule;
pub mod schema;
pub mod snapshot;
pub mod verify;
