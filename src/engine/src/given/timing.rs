//! When the tasks of a plan are due.

use jiff::{SignedDuration, Timestamp};
use oscal::{DateTime, Task, TimeUnit, Timing};

/// When a plan is to be carried out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Due {
    /// The shortest period after which a task is due again, as the plan writes it.
    pub every: Option<Timing>,
    /// That period.
    pub period: Option<SignedDuration>,
    /// The spans of time in which other tasks are due, both ends included.
    pub within: Vec<(Timestamp, Timestamp)>,
}

impl Due {
    /// How long results stand when something is due again after the period: a quarter longer, so that a look in good time renews them.
    pub fn valid_for(&self) -> Option<SignedDuration> {
        self.period.map(|period| period.saturating_add(period / 4))
    }

    /// Whether nothing is due at this time: there are spans, this is in none of them, and nothing recurs.
    pub fn not_now(&self, now: Timestamp) -> bool {
        self.period.is_none() && !self.within.is_empty() && !self.within.iter().any(|(start, end)| (*start..=*end).contains(&now))
    }
}

/// When these tasks and those below them are due.
pub fn due(tasks: &[Task]) -> Due {
    let mut due = Due::default();
    tasks.iter().for_each(|task| add(task, &mut due));
    due
}

fn add(task: &Task, due: &mut Due) {
    match &task.timing {
        Some(Timing::AtFrequency(at)) => {
            let period = length(at.period.get(), at.unit);
            if due.period.is_none_or(|shortest| period < shortest) {
                (due.period, due.every) = (Some(period), task.timing.clone());
            }
        }
        Some(Timing::OnDate(on)) => due.within.extend(instant(&on.date).map(|at| (at, end_of_day(at)))),
        Some(Timing::WithinDateRange(range)) => due.within.extend(instant(&range.start).zip(instant(&range.end))),
        None => {}
    }
    task.tasks.iter().for_each(|below| add(below, due));
}

fn instant(at: &DateTime) -> Option<Timestamp> {
    at.as_str().parse().ok()
}

fn end_of_day(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MAX)
}

/// The longest that so many units are: a month of 31 days, a year of 366.
fn length(count: u64, unit: TimeUnit) -> SignedDuration {
    let seconds: u64 = match unit {
        TimeUnit::Seconds => 1,
        TimeUnit::Minutes => 60,
        TimeUnit::Hours => 3_600,
        TimeUnit::Days => 86_400,
        TimeUnit::Months => 31 * 86_400,
        TimeUnit::Years => 366 * 86_400,
    };
    // No plan looks further than some centuries; a number that would not fit is as good as never.
    SignedDuration::from_secs(i64::try_from(count.saturating_mul(seconds)).unwrap_or(i64::MAX).min(100_000 * 86_400))
}
