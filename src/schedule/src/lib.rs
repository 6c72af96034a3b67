//! When something is due, and what to do about it: schedules, their logical times, and the policies for what overlaps and what was missed.
//!
//! A [`Schedule`] has a [`Cadence`]: a period ([`Every`]), a cron expression in a time zone ([`Cron`]), or one date ([`Once`]). Each gives
//! *logical times*, the nominal instants that a record names its ticks by. [`Schedule::due`] adds the jitter of a scope. [`decide`] says, for
//! what the record knows and the time it is now, which ticks start, which are recorded as skipped or missed and why, and which wait.
//! [`plan`] writes schedules as the tasks of an OSCAL assessment plan and reads them back.
//!
//! Everything here is plain data and arithmetic: no clock, no file, no thread. The time zone database is part of the program, so that every
//! machine that runs the same version agrees on when a tick is.
//!
//! ```
//! let table = schedule::Table { cron: Some("30 2 * * *".into()), zone: Some("Europe/Berlin".into()), ..schedule::Table::named("nightly") };
//! let nightly = table.schedule().expect("it is right");
//! let spring: jiff::Timestamp = "2026-03-28T12:00:00Z".parse()?;
//! let next: Vec<String> = nightly.next(spring, 2).iter().map(ToString::to_string).collect();
//! // 02:30 does not exist on the 29th of March, so that day's tick is at the end of the gap: 03:00, which is 01:00 UTC.
//! assert_eq!(next, ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]);
//! # Ok::<(), jiff::Error>(())
//! ```

mod cadence;
mod cron;
mod decide;
mod every;
mod glob;
mod jitter;
mod length;
mod once;
pub mod plan;
mod policy;
mod schedule;
mod table;
mod wall;
mod wrong;
mod zone;

pub use cadence::Cadence;
pub use cron::Cron;
pub use decide::{Decision, Fate, Known, PUNCTUAL, Running, Times, decide};
pub use every::Every;
pub use glob::Globs;
pub use length::Length;
pub use once::Once;
pub use policy::{CatchUp, Overlap};
pub use schedule::{Grace, Schedule, What};
pub use table::{CatchUpWord, Table};
pub use wrong::Wrong;
