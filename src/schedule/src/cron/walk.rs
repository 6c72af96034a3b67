//! From dates and times of day to instants, date by date.
//!
//! The time line is cut where each date begins: date `d` owns the instants from the first that shows its midnight or later to the first that
//! shows the next. On a plain date they are midnight plus the times of day. Near a change of the zone they are found one by one.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::Cron;
use crate::every::second;
use crate::wall::{Calm, first_shown, struck};

/// Nothing was scheduled before.
const FIRST: Date = Date::constant(1970, 1, 1);
const DAY: i64 = 86_400;

/// The ticks that a date owns.
enum Owned {
    /// None, because the date does not match.
    Nothing,
    /// The times of day, counted from this instant.
    Plain(i64),
    /// These instants, in order.
    Odd(Vec<i64>),
}

/// A cron expression and the stretch without change that was looked at last.
struct Finder<'a> {
    cron: &'a Cron,
    calm: Calm,
}

impl<'a> Finder<'a> {
    fn new(cron: &'a Cron, at: Timestamp) -> Self {
        Self { cron, calm: Calm::around(&cron.zone, at) }
    }

    fn owned(&mut self, date: Date) -> Owned {
        let matches = |date: Date| self.cron.days.matches(date);
        let today = matches(date);
        if !today && !date.yesterday().is_ok_and(matches) {
            return Owned::Nothing;
        }
        let start = midnight(date) - self.calm.ahead;
        match self.is_calm(start) || self.moves_to(start) {
            true if today => Owned::Plain(midnight(date) - self.calm.ahead),
            true => Owned::Nothing,
            false => Owned::Odd(self.one_by_one(date)),
        }
    }

    /// Whether nothing changes from a day before `start` to a day after.
    fn is_calm(&self, start: i64) -> bool {
        self.calm.from < start - DAY && start + DAY < self.calm.until
    }

    /// Looks at the stretch around `start`, and whether that is calm around the midnight that it would have.
    fn moves_to(&mut self, start: i64) -> bool {
        let Ok(at) = Timestamp::from_second(start) else { return false };
        let ahead = self.calm.ahead;
        self.calm = Calm::around(&self.cron.zone, at);
        self.is_calm(start + ahead - self.calm.ahead)
    }

    /// The instants of a date near a change. Those of the date before may have been put off until here.
    fn one_by_one(&self, date: Date) -> Vec<i64> {
        let begins = |date: Date| first_shown(&self.cron.zone, date.at(0, 0, 0, 0));
        let ends = date.tomorrow().ok().and_then(begins);
        let (Some(begins), Some(ends)) = (begins(date), ends) else { return Vec::new() };
        let dates = date.yesterday().into_iter().chain([date]).filter(|date| self.cron.days.matches(*date));
        let mut found: Vec<i64> = dates.flat_map(|date| self.instants(date)).filter(|at| (begins..ends).contains(at)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn instants(&self, date: Date) -> Vec<i64> {
        let Cron { zone, times, beat, .. } = self.cron;
        let walls = times.iter().map(|time| wall(date, *time));
        match beat {
            true => walls.flat_map(|wall| struck(zone, wall)).flatten().collect(),
            false => walls.filter_map(|wall| first_shown(zone, wall)).collect(),
        }
    }
}

/// The seconds from the epoch to the midnight of a date, if it were UTC.
fn midnight(date: Date) -> i64 {
    // Dates at the ends of time have no timestamp; no tick is near.
    Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_or(if date < FIRST { i64::MIN / 4 } else { i64::MAX / 4 }, second)
}

fn wall(date: Date, time: i64) -> DateTime {
    let part = |value: i64| i8::try_from(value).expect("a time of day has small parts");
    date.at(part(time / 3_600), part(time / 60 % 60), part(time % 60), 0)
}

/// The logical times after an instant, in order.
pub(super) struct Walk<'a> {
    finder: Finder<'a>,
    /// The date to look at next.
    date: Option<Date>,
    after: i64,
    owned: Owned,
    /// How many of the owned ones are behind us.
    at: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(cron: &'a Cron, after: Timestamp) -> Self {
        let date = local(cron, after);
        let date = date.yesterday().unwrap_or(date).max(FIRST);
        Self { finder: Finder::new(cron, after), date: Some(date), after: second(after), owned: Owned::Nothing, at: 0 }
    }

    fn owned_next(&mut self) -> Option<i64> {
        let found = match &self.owned {
            Owned::Nothing => None,
            Owned::Plain(start) => self.finder.cron.times.get(self.at).map(|time| start + time),
            Owned::Odd(list) => list.get(self.at).copied(),
        };
        self.at += 1;
        found
    }
}

impl Iterator for Walk<'_> {
    type Item = Timestamp;

    fn next(&mut self) -> Option<Timestamp> {
        loop {
            while let Some(at) = self.owned_next() {
                if at > self.after {
                    return Timestamp::from_second(at).ok();
                }
            }
            let date = self.date.filter(|date| self.finder.cron.days.last_year().is_none_or(|last| date.year() <= last + 1))?;
            self.date = date.tomorrow().ok();
            (self.owned, self.at) = (self.finder.owned(date), 0);
        }
    }
}

pub(super) fn latest(cron: &Cron, at: Timestamp) -> Option<Timestamp> {
    let mut finder = Finder::new(cron, at);
    let today = local(cron, at);
    let mut date = today.tomorrow().unwrap_or(today);
    let last = second(at);
    while date >= FIRST {
        let found = match finder.owned(date) {
            Owned::Nothing => None,
            Owned::Plain(start) => not_after(&cron.times, last - start).map(|time| start + time),
            Owned::Odd(list) => not_after(&list, last),
        };
        if let Some(found) = found {
            return Timestamp::from_second(found).ok();
        }
        date = date.yesterday().ok()?;
    }
    None
}

pub(super) fn count(cron: &Cron, after: Timestamp, to: Timestamp) -> u64 {
    let mut finder = Finder::new(cron, after);
    let (after_second, to_second) = (second(after), second(to));
    let within = |list: &[i64], start: i64| {
        let not_after = |limit: i64| list.partition_point(|at| start + at <= limit);
        not_after(to_second).saturating_sub(not_after(after_second)) as u64
    };
    let first = local(cron, after).yesterday().unwrap_or(FIRST).max(FIRST);
    let last = local(cron, to).tomorrow().unwrap_or(Date::MAX);
    let dates = std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(|date| *date <= last);
    let counts = dates.map(|date| match finder.owned(date) {
        Owned::Nothing => 0,
        Owned::Plain(start) => within(&cron.times, start),
        Owned::Odd(list) => within(&list, 0),
    });
    counts.sum()
}

fn not_after(list: &[i64], limit: i64) -> Option<i64> {
    list[..list.partition_point(|at| *at <= limit)].last().copied()
}

fn local(cron: &Cron, at: Timestamp) -> Date {
    cron.zone.to_datetime(at).date()
}
