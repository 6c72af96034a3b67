//! One file per subcommand.

pub mod assess;
pub mod checks;
pub mod permissions;
pub mod schema;
pub mod snapshot;
