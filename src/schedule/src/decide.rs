//! Which ticks start, which are recorded as skipped or missed, which wait: one answer for every logical time since the last recorded.
//!
//! The answer depends only on what the record knows, so it is the same after a crash. Ticks are settled in the order of their logical times,
//! and what waits is always the tail; so `last` alone, the newest logical time on record, says where to go on. A clock that goes back
//! below it gives no ticks until it has caught up; a clock that jumps ahead is an outage like another.

mod said;

use jiff::Timestamp;

use crate::every::second;
use crate::{Cadence, CatchUp, Once, Overlap, Schedule};

/// A tick is on time for so many seconds after it is due; later, it is caught up or missed.
pub const PUNCTUAL: i64 = 60;

/// So many ticks that passed are told one by one; more are told as one entry.
const EACH: u64 = 24;

/// What the record knows of a schedule in a scope.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The newest logical time on record, whatever became of it; `None` before the first.
    pub last: Option<Timestamp>,
    /// The ticks that run now.
    pub running: &'a [Running],
    /// When the last run that is over ended.
    pub ended: Option<Timestamp>,
}

/// A tick that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// Its logical time.
    pub logical: Timestamp,
    /// When it really started.
    pub started: Timestamp,
}

/// Logical times that follow each other without one between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The first.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
    /// How many, both ends included.
    pub count: u64,
}

/// How a tick that does not start is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It came due while another ran, and the overlap policy let it go.
    Skipped,
    /// Its time passed and nobody started it.
    Missed,
}

impl Fate {
    /// The word for the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Fate::Skipped => "skipped",
            Fate::Missed => "missed",
        }
    }
}

/// What to do about one logical time or a run of them. Reasons are sentences for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Stop the run of this tick; it comes before the start that replaces it.
    Cancel {
        /// The tick that runs.
        logical: Timestamp,
        /// Why.
        reason: String,
    },
    /// Start this tick now.
    Start {
        /// The tick.
        logical: Timestamp,
        /// When it was due in this scope.
        due: Timestamp,
        /// On time, or why late.
        reason: String,
    },
    /// Record these as not started; more than a few come as one entry.
    Pass {
        /// The ticks.
        times: Times,
        /// As what.
        fate: Fate,
        /// Why, with the number and the ends where there is more than one.
        reason: String,
    },
    /// Nothing yet, and nothing to record: ask again later. These are the newest ticks.
    Wait {
        /// The ticks.
        times: Times,
        /// For what.
        reason: String,
    },
    /// Nothing at all until the clock has passed the last recorded tick again. Somebody should look at the clock.
    Behind {
        /// The last recorded tick.
        last: Timestamp,
        /// What the clock shows.
        reason: String,
    },
}

/// What to do now about every logical time after the last recorded one, in their order.
///
/// Where nothing is on record yet, the newest logical time is the first there is: what passed before anybody knew the schedule is not missed.
pub fn decide(schedule: &Schedule, scope: &str, known: &Known, now: Timestamp) -> Vec<Decision> {
    if let Some(last) = known.last.filter(|last| *last > now) {
        return vec![Decision::Behind { last, reason: said::behind(last, now) }];
    }
    let Some(newest) = schedule.cadence.latest(now) else { return Vec::new() };
    let Some(from) = known.last.or_else(|| before(schedule, newest)) else { return Vec::new() };
    let tick = Ticks { schedule, scope, known, now };
    let due = tick.come_due(now).filter(|due| *due > from).unwrap_or(from);
    let mut decided = match schedule.overlap {
        Overlap::Skip | Overlap::BufferOne if !known.running.is_empty() => tick.beside(from, due),
        Overlap::Skip | Overlap::BufferOne => tick.one_after_another(from, due),
        Overlap::Allow => tick.at_once(from, due),
        Overlap::CancelPrevious => tick.newest_only(from, due),
    };
    decided.extend(tick.wait(due, newest, said::not_due(schedule.due(newest, scope))));
    decided
}

/// The instant just below `first`, from which it is the next: the logical time before it, or where there is none, the second before.
fn before(schedule: &Schedule, first: Timestamp) -> Option<Timestamp> {
    schedule.cadence.before(first).or_else(|| Timestamp::from_second(second(first) - 1).ok())
}

/// The question, with what it needs to be answered. Spans of ticks are given as (after, up to and with).
struct Ticks<'a> {
    schedule: &'a Schedule,
    scope: &'a str,
    known: &'a Known<'a>,
    now: Timestamp,
}

impl Ticks<'_> {
    /// The newest logical time that was due at an instant, jitter included.
    fn come_due(&self, at: Timestamp) -> Option<Timestamp> {
        let newest = self.schedule.cadence.latest(at)?;
        // Jitter never reaches the next logical time, so the one before is due for certain.
        if self.schedule.due(newest, self.scope) <= at { Some(newest) } else { self.schedule.cadence.before(newest) }
    }

    /// Something runs, and one at a time may.
    fn beside(&self, from: Timestamp, to: Timestamp) -> Vec<Decision> {
        let started = self.known.running.iter().map(|run| run.started).max().unwrap_or(self.now);
        // What was due before the run started did not overlap it: it is what remains to be caught up.
        let behind = self.come_due(started).map_or(from, |settled| settled.clamp(from, to));
        if matches!(self.schedule.catch_up, CatchUp::All { .. }) && behind > from {
            return self.wait(from, to, said::CATCHING_UP.to_owned());
        }
        let mut decided = self.pass(from, behind, Fate::Missed, self.why_missed());
        let running = self.known.running.iter().map(|run| run.logical).max().unwrap_or(to);
        match self.schedule.overlap {
            Overlap::BufferOne => {
                let newest = self.newest(behind, to, 1);
                decided.extend(self.pass(behind, newest, Fate::Skipped, said::replaced(running)));
                decided.extend(self.wait(newest, to, said::buffered(running)));
            }
            Overlap::Skip | Overlap::Allow | Overlap::CancelPrevious => {
                decided.extend(self.pass(behind, to, Fate::Skipped, said::overlapped(running)));
            }
        }
        decided
    }

    /// Nothing runs, and one at a time may: the oldest that is made up for starts, the others wait for it.
    fn one_after_another(&self, from: Timestamp, to: Timestamp) -> Vec<Decision> {
        let first = self.made_up_from(from, to);
        let mut decided = self.pass(from, first, Fate::Missed, self.why_missed());
        let oldest = self.schedule.cadence.after(first).next().filter(|oldest| *oldest <= to);
        decided.extend(oldest.map(|oldest| self.start(oldest)));
        decided.extend(oldest.and_then(|oldest| self.wait(oldest, to, said::CATCHING_UP.to_owned()).pop()));
        decided
    }

    /// All that are made up for start.
    fn at_once(&self, from: Timestamp, to: Timestamp) -> Vec<Decision> {
        let first = self.made_up_from(from, to);
        let mut decided = self.pass(from, first, Fate::Missed, self.why_missed());
        decided.extend(self.schedule.cadence.after(first).take_while(|at| *at <= to).map(|at| self.start(at)));
        decided
    }

    /// The newest starts instead of what runs; starting others before it only to cancel them would be no use.
    fn newest_only(&self, from: Timestamp, to: Timestamp) -> Vec<Decision> {
        let first = self.made_up_from(from, to);
        let mut decided = self.pass(from, first, Fate::Missed, self.why_missed());
        if first == to {
            return decided;
        }
        let newest = self.newest(first, to, 1);
        decided.extend(self.pass(first, newest, Fate::Skipped, said::overtaken(to)));
        let cancel = |run: &Running| Decision::Cancel { logical: run.logical, reason: said::cancelled(to) };
        decided.extend(self.known.running.iter().map(cancel));
        decided.push(self.start(to));
        decided
    }

    /// The logical time after which ticks are made up for; `to` if none is.
    fn made_up_from(&self, from: Timestamp, to: Timestamp) -> Timestamp {
        if self.schedule.cadence.is_over(self.now) || from == to {
            return to;
        }
        match self.schedule.catch_up {
            CatchUp::None if self.late(to) > PUNCTUAL => to,
            CatchUp::None | CatchUp::Latest => self.newest(from, to, 1),
            CatchUp::All { at_most } => self.newest(from, to, at_most),
        }
    }

    fn why_missed(&self) -> String {
        match &self.schedule.cadence {
            Cadence::Once(Once { until: Some(until), .. }) if self.now > *until => said::over(*until),
            Cadence::Once(_) | Cadence::Every(_) | Cadence::Cron(_) => said::missed(self.schedule.catch_up),
        }
    }

    /// How many seconds late a tick is; the time that it waited for a run to end does not count.
    fn late(&self, logical: Timestamp) -> i64 {
        let due = self.schedule.due(logical, self.scope);
        let waited = self.known.ended.filter(|ended| self.schedule.overlap == Overlap::BufferOne && *ended > due);
        second(self.now) - second(waited.unwrap_or(due))
    }

    /// The logical time after which there are the newest `n` up to `to`; `from` if there are not so many.
    fn newest(&self, from: Timestamp, to: Timestamp, n: u32) -> Timestamp {
        let mut at = to;
        for _ in 0..n {
            match self.schedule.cadence.before(at) {
                Some(before) if before > from => at = before,
                Some(_) | None => return from,
            }
        }
        at
    }

    fn start(&self, logical: Timestamp) -> Decision {
        let due = self.schedule.due(logical, self.scope);
        let late = second(self.now) - second(due);
        Decision::Start { logical, due, reason: said::started(due, if late > PUNCTUAL { late } else { 0 }) }
    }

    fn wait(&self, from: Timestamp, to: Timestamp, reason: String) -> Vec<Decision> {
        self.times(from, to).map(|times| Decision::Wait { times, reason }).into_iter().collect()
    }

    /// The ticks of a span as they are recorded: a few one by one, many as one entry.
    fn pass(&self, from: Timestamp, to: Timestamp, fate: Fate, why: String) -> Vec<Decision> {
        let Some(all) = self.times(from, to) else { return Vec::new() };
        if all.count > EACH {
            return vec![Decision::Pass { times: all, fate, reason: said::many(all, fate, &why) }];
        }
        let each = self.schedule.cadence.after(from).take_while(|at| *at <= to);
        each.map(|at| Decision::Pass { times: Times { first: at, last: at, count: 1 }, fate, reason: why.clone() }).collect()
    }

    fn times(&self, from: Timestamp, to: Timestamp) -> Option<Times> {
        let first = self.schedule.cadence.after(from).next().filter(|first| *first <= to)?;
        Some(Times { first, last: to, count: self.schedule.cadence.count(from, to) })
    }
}

#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;
