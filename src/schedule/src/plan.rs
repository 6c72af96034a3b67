//! Schedules as the tasks of an OSCAL assessment plan, out and in.
//!
//! A period is the task's `at-frequency`, one date its `on-date`, a range its `within-date-range`. A cron expression that comes round evenly
//! on its wall clock (daily, weekly, monthly, every six hours) has an `at-frequency` too, so that other tools know how often;
//! what `at-frequency` cannot say (the expression and its zone, jitter, policies, what is assessed) stands in properties of our namespace, and
//! reading them gives the same schedule back. OSCAL has no word for the rest: a task with an uneven cron expression has no `timing`.

mod frequency;
mod read;
mod write;

pub use read::{NotASchedule, read};
pub use write::{Frame, tasks, write};

/// The names of the properties.
mod names {
    pub(super) const SCHEDULE: &str = "schedule";
    pub(super) const CRON: &str = "cron";
    pub(super) const ZONE: &str = "zone";
    pub(super) const JITTER: &str = "jitter";
    pub(super) const OVERLAP: &str = "overlap";
    pub(super) const CATCH_UP: &str = "catch-up";
    pub(super) const CATCH_UP_AT_MOST: &str = "catch-up-at-most";
    pub(super) const GRACE: &str = "grace";
    pub(super) const PROFILE: &str = "profile";
    pub(super) const SCOPE: &str = "scope";
    pub(super) const CONTROL: &str = "control";
}

#[cfg(test)]
mod tests;
