//! How often a cadence comes round, as OSCAL says it.

use std::num::NonZeroU64;

use oscal::{AtFrequency, OnDate, TimeUnit, Timing, WithinDateRange};

use crate::cron::days::{EVERY_DAY, EVERY_MONTH, EVERY_WEEKDAY};
use crate::{Cadence, Cron, Every, Once};

/// The timing of a task; `None` for what comes round unevenly.
pub(super) fn timing(cadence: &Cadence) -> Option<Timing> {
    match cadence {
        Cadence::Every(Every::Length(length)) => Some(seconds(u64::try_from(length.seconds()).expect("a length is not negative"))),
        Cadence::Every(Every::Months(count)) => Some(months(u64::from(*count))),
        Cadence::Cron(cron) => period(cron),
        Cadence::Once(Once { on, until: None }) => Some(Timing::OnDate(OnDate::new((*on).into()))),
        Cadence::Once(Once { on, until: Some(until) }) => {
            Some(Timing::WithinDateRange(WithinDateRange::new((*on).into(), (*until).into())))
        }
    }
}

fn at(period: u64, unit: TimeUnit) -> Timing {
    Timing::AtFrequency(AtFrequency::new(NonZeroU64::new(period).expect("a cadence moves"), unit))
}

fn seconds(seconds: u64) -> Timing {
    let units = [(86_400, TimeUnit::Days), (3_600, TimeUnit::Hours), (60, TimeUnit::Minutes)];
    let whole = units.into_iter().find(|(length, _)| seconds.is_multiple_of(*length));
    whole.map_or_else(|| at(seconds, TimeUnit::Seconds), |(length, unit)| at(seconds / length, unit))
}

fn months(count: u64) -> Timing {
    if count.is_multiple_of(12) { at(count / 12, TimeUnit::Years) } else { at(count, TimeUnit::Months) }
}

/// The period of an expression that comes round evenly on its wall clock, in every year.
fn period(cron: &Cron) -> Option<Timing> {
    let days = cron.days();
    if days.years.is_some() {
        return None;
    }
    let (any_day, any_month, any_weekday) = (days.of_month == EVERY_DAY, days.months == EVERY_MONTH, days.of_week == EVERY_WEEKDAY);
    let once_a_day = cron.times().len() == 1;
    match (any_day, any_month, any_weekday) {
        (true, true, true) => evenly(cron.times()).map(seconds),
        (true, true, false) if once_a_day && days.of_week.count_ones() == 1 && !days.either => Some(at(7, TimeUnit::Days)),
        (false, _, true) if once_a_day && on_one_day(days.of_month) && !days.either => even_months(days.months).map(months),
        _ => None,
    }
}

/// One day that every month has.
fn on_one_day(days: u32) -> bool {
    days.count_ones() == 1 && days.trailing_zeros() <= 28
}

/// The seconds from time to time, if they are the same around the clock.
fn evenly(times: &[i64]) -> Option<u64> {
    let count = i64::try_from(times.len()).ok()?;
    let step = 86_400 / count;
    let even = 86_400 % count == 0 && times.windows(2).all(|pair| pair[1] - pair[0] == step);
    even.then(|| u64::try_from(step).expect("a day is long"))
}

/// The months from one to the next, if they are the same around the year.
fn even_months(bits: u16) -> Option<u64> {
    let step = 12 / bits.count_ones();
    let expected = |first: u32| (first..=12).step_by(step as usize).fold(0_u16, |bits, month| bits | 1 << month);
    let even = 12 % bits.count_ones() == 0 && bits == expected(bits.trailing_zeros());
    even.then_some(u64::from(step))
}
