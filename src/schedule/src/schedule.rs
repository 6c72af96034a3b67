//! A schedule: what is to be done, when, and what to do when it does not go to plan.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::every::second;
use crate::{Cadence, CatchUp, Globs, Length, Overlap, Table, jitter};

/// What is to be done, when, and what to do when it does not go to plan. It is read from a [`Table`] and written as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct Schedule {
    /// What the record and people call it; unique among schedules.
    pub name: String,
    /// When it is due.
    pub cadence: Cadence,
    /// Ticks of a scope are put off by less than this.
    pub jitter: Length,
    /// What happens with ticks that overlap.
    pub overlap: Overlap,
    /// What happens with ticks that were missed.
    pub catch_up: CatchUp,
    /// What is assessed.
    pub what: What,
    /// How long after the next tick is due results still stand.
    pub grace: Grace,
}

/// What a schedule is about. What is not narrowed is everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct What {
    /// The profiles.
    pub profiles: Globs,
    /// The scopes, by the names that the configuration gives them.
    pub scopes: Globs,
    /// The controls, by their ids.
    pub controls: Globs,
}

/// How long after the next tick is due results still stand, so that a look in good time renews them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grace {
    /// A quarter of the time from one tick to the next.
    #[default]
    Quarter,
    /// This long.
    Length(Length),
}

impl Schedule {
    /// The next `n` logical times after an instant; fewer where the cadence ends.
    pub fn next(&self, after: Timestamp, n: usize) -> Vec<Timestamp> {
        self.cadence.after(after).take(n).collect()
    }

    /// When the tick of a logical time is due in a scope: the logical time and the scope's jitter, but before the next logical time.
    pub fn due(&self, logical: Timestamp, scope: &str) -> Timestamp {
        let offset = jitter::offset(&self.name, scope, self.jitter);
        match offset {
            0 => logical,
            _ => later(logical, self.before_next(logical, offset)),
        }
    }

    /// When the next tick that is not due yet will be, in a scope; `None` when the cadence has ended. So long a daemon may sleep.
    pub fn next_due(&self, now: Timestamp, scope: &str) -> Option<Timestamp> {
        let pending = self.cadence.latest(now).map(|logical| self.due(logical, scope)).filter(|due| *due > now);
        pending.or_else(|| self.cadence.after(now).next().map(|logical| self.due(logical, scope)))
    }

    /// Until when results of the tick of a logical time stand: the last instant at which a scope's next tick is due, and the grace.
    /// `None` when there is no next, so that nothing will renew them.
    pub fn expires_for(&self, logical: Timestamp) -> Option<Timestamp> {
        let next = self.cadence.after(logical).next()?;
        let grace = match self.grace {
            Grace::Quarter => (second(next) - second(logical)) / 4,
            Grace::Length(length) => length.seconds(),
        };
        let latest_due = later(next, self.before_next(next, self.jitter.seconds()));
        Some(later(latest_due, grace))
    }

    /// The offset, or as much of it as ends before the logical time after `logical`.
    fn before_next(&self, logical: Timestamp, offset: i64) -> i64 {
        let next = self.cadence.after(logical).next();
        next.map_or(offset, |next| offset.min(second(next) - second(logical) - 1))
    }
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(second(at).saturating_add(seconds)).unwrap_or(Timestamp::MAX)
}

impl schemars::JsonSchema for Schedule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Table::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Table::json_schema(generator)
    }
}

#[cfg(test)]
mod tests;
