//! Reads AWS; never judges.

pub mod caller;
pub mod model;
pub mod protocol;

pub use caller::{CallError, Caller, Cause, Identity, Options, Pages, action};
