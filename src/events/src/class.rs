//! Words for what an event is, whichever cloud it happened in: what `run-02` forbids by default, and who can tell.
//!
//! A provider marks its events with those it can tell. The document of a window names every class: `true` where its source would
//! show such an event, a marker where nobody looks, so that "none was seen" is never said of what nobody watches.

/// The top-level administrator was used: signed in, or changed something.
pub const ADMINISTRATOR_USED: &str = "administrator-used";
/// Logging was stopped, deleted, narrowed or cut off from its store.
pub const LOGGING_STOPPED: &str = "logging-stopped";
/// A policy, list or rule was changed so that it admits everybody.
pub const OPENED_TO_EVERYBODY: &str = "opened-to-everybody";

/// Every class that a source of audit logs can tell, and those that only sensors of workloads can.
pub const ALL: &[&str] =
    &[ADMINISTRATOR_USED, LOGGING_STOPPED, OPENED_TO_EVERYBODY, "container-drift", "credential-access", "crypto-mining", "reverse-shell"];
