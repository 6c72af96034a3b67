//! Cron expressions in a time zone.
//!
//! The syntax is that of the package `cron`, which reads every field; finding instants is ours, because the package skips what a spring
//! night skips and repeats what an autumn night repeats.
//!
//! **Five fields** (minute, hour, day of month, month, day of week) mean what crontab(5) means: Sunday is 0 or 7 and Monday 1, and if both
//! days are restricted, either is enough. A field that begins with `*` or `?` (so also `*/2`) restricts nothing in that sense; then both must
//! match, as in every cron in use.
//!
//! **Six or seven fields** (second first, year last) mean what the package means: Sunday is 1 and Saturday 7, and both days must match.
//! Names (`sun`, `jan`) mean the same in both.
//!
//! `@hourly`, `@daily` or `@midnight`, `@weekly` (Sunday), `@monthly`, `@yearly` or `@annually` stand for five fields.
//!
//! **When clocks change.** An expression that leaves out some hours names times of day, and each of them happens once on its date: at the
//! first instant at which the clock shows it or later. So 02:30 is at 03:00 where clocks are put forward from 02:00 to 03:00, and where they
//! are put back it is at the first 02:30 only. Times that fall on one instant this way are one tick. An expression that allows every hour is
//! a beat: it strikes whenever the clock shows a time that matches, twice where the hour is repeated, and a gap does not stop it: the times
//! in it are struck when they would have come without the change, which is on a time that matches anyway where a clock is put forward
//! by whole hours. So `*/15 * * * *` is every 15 minutes on any night, and `30 * * * *` every hour. Only where clocks
//! change by half an hour (Lord Howe) can an hourly beat differ from an hour: on one night in spring there is a strike more.
//! A date that a zone leaves out (Samoa, 30 December 2011) is a gap like any other.

pub(crate) mod days;
mod explain;
mod read;
mod walk;
mod weekday;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::days::Days;
use crate::{Wrong, zone};

/// A cron expression in a time zone.
#[derive(Debug, Clone)]
pub struct Cron {
    /// As it was written, with single blanks.
    text: String,
    zone_name: String,
    zone: TimeZone,
    days: Days,
    /// The times of day, in seconds since midnight on the wall clock, in their order.
    times: Arc<[i64]>,
    /// Whether every hour is allowed, so that it is a beat and not a list of times.
    beat: bool,
}

impl Cron {
    /// Reads an expression, which means the wall clock of an IANA zone.
    ///
    /// # Errors
    /// What is wrong, naming the field, and how to put it right. An expression that no date can match is wrong.
    pub fn new(text: &str, zone: &str) -> Result<Self, Wrong> {
        let (zone, zone_name) = zone::zone(zone)?;
        let read = read::read(text)?;
        if !read.days.ever() {
            let fix = "choose a day that the month has in one of its years";
            return Err(Wrong::new("cron", format!("`{text}` never happens: no date matches its days, months and years"), fix));
        }
        Ok(Self { text: read.text, zone_name, zone, days: read.days, times: read.times.into(), beat: read.beat })
    }

    /// The expression, as it was written.
    pub fn expression(&self) -> &str {
        &self.text
    }

    /// The name of the zone, as IANA spells it.
    pub fn zone(&self) -> &str {
        &self.zone_name
    }

    /// The logical times after an instant.
    pub(crate) fn after(&self, after: Timestamp) -> impl Iterator<Item = Timestamp> {
        walk::Walk::new(self, after)
    }

    /// The last logical time that is not after `at`, back to 1970.
    pub(crate) fn latest(&self, at: Timestamp) -> Option<Timestamp> {
        walk::latest(self, at)
    }

    /// How many logical times are after one instant and not after another; the work is that of looking at each day once.
    pub(crate) fn count(&self, after: Timestamp, to: Timestamp) -> u64 {
        walk::count(self, after, to)
    }

    pub(crate) fn days(&self) -> &Days {
        &self.days
    }

    pub(crate) fn times(&self) -> &[i64] {
        &self.times
    }
}

impl PartialEq for Cron {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, &self.zone_name) == (&other.text, &other.zone_name)
    }
}

impl Eq for Cron {}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CRON_TZ={} {}", self.zone_name, self.text)
    }
}

#[cfg(test)]
mod tests;
