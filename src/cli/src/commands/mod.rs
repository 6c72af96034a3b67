//! One file per subcommand.

pub mod assess;
pub mod checks;
pub mod oscal;
pub mod permissions;
pub mod schema;
pub mod snapshot;
