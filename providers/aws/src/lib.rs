//! Reads AWS; never judges.

pub mod caller;
mod collect;
mod derive;
pub mod events;
mod kind;
pub mod model;
mod permissions;
pub mod protocol;
mod provider;

pub use collect::tags_of;
pub use kind::{kinds, kinds_markdown};
pub use permissions::{actions, permissions};
pub use provider::Aws;

pub use caller::{CallError, Caller, Cause, Identity, Options, Pages, action};
