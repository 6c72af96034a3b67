//! Periods: the same length again and again, counted from a fixed instant, so that no restart shifts the beat.
//!
//! A length is counted from the Unix epoch, 1970-01-01T00:00:00Z: `every 6h` is at 00:00, 06:00, 12:00 and 18:00 UTC, `every 1d` at midnight
//! UTC, `every 7d` on Thursdays (which the epoch was). Months are counted from January 1970 and begin on the 1st at midnight UTC:
//! `every 3 months` is in January, April, July and October. No zone has a say in it, so clocks that change do not disturb it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Timestamp, tz::Offset};

use crate::Wrong;
use crate::length::{Length, span};

/// How often: a fixed length, or a number of calendar months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Every {
    /// This length again and again, counted from the Unix epoch.
    Length(Length),
    /// The first of every so many months, counted from January 1970.
    Months(u32),
}

const MONTHS_MOST: u32 = 400 * 12;

impl Every {
    /// The logical times after an instant, for as long as there are timestamps.
    pub(crate) fn after(self, after: Timestamp) -> impl Iterator<Item = Timestamp> {
        let next = self.index(after) + 1;
        (next..).map_while(move |index| self.at(index))
    }

    /// The last logical time that is not after `at`.
    pub(crate) fn latest(self, at: Timestamp) -> Option<Timestamp> {
        self.at(self.index(at))
    }

    /// How many logical times are after one instant and not after another.
    pub(crate) fn count(self, after: Timestamp, to: Timestamp) -> u64 {
        u64::try_from(self.index(to) - self.index(after)).unwrap_or(0)
    }

    /// The number of the last logical time not after `at`; the epoch's is 0.
    fn index(self, at: Timestamp) -> i64 {
        match self {
            Every::Length(length) => second(at).div_euclid(length.seconds()),
            Every::Months(count) => {
                let date = Offset::UTC.to_datetime(at).date();
                (i64::from(date.year() - 1970) * 12 + i64::from(date.month()) - 1).div_euclid(i64::from(count))
            }
        }
    }

    fn at(self, index: i64) -> Option<Timestamp> {
        match self {
            Every::Length(length) => Timestamp::from_second(index.checked_mul(length.seconds())?).ok(),
            Every::Months(count) => {
                let months = index.checked_mul(i64::from(count))?;
                let year = i16::try_from(1970 + months.div_euclid(12)).ok()?;
                let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
                let midnight = Date::new(year, month, 1).ok()?.at(0, 0, 0, 0);
                Offset::UTC.to_timestamp(midnight).ok()
            }
        }
    }
}

/// The whole second that an instant lies in.
pub(crate) fn second(at: Timestamp) -> i64 {
    // Before the epoch, jiff counts fractions downwards.
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}

impl FromStr for Every {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let read = span(text)?;
        let months = i64::from(read.get_years()) * 12 + i64::from(read.get_months());
        if months == 0 {
            let length = Length::of_span(read, text)?;
            return match length {
                Length::ZERO => Err(Wrong::new("every", "a period of nothing never moves", "write a period of at least `1s`")),
                length => Ok(Every::Length(length)),
            };
        }
        let rest = read.get_weeks() != 0 || read.get_days() != 0 || read.get_hours() != 0;
        if rest || read.get_minutes() != 0 || read.get_seconds() != 0 {
            return Err(Wrong::new("every", format!("`{text}` mixes months with shorter units"), "write either; for more use `cron`"));
        }
        let count = u32::try_from(months).ok().filter(|count| (1..=MONTHS_MOST).contains(count));
        count
            .map(Every::Months)
            .ok_or_else(|| Wrong::new("every", format!("`{text}` is negative or longer than 400 years"), "write a period between those"))
    }
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Every::Length(length) => length.fmt(f),
            Every::Months(count) if count % 12 == 0 => write!(f, "{}y", count / 12),
            Every::Months(count) => write!(f, "{count}mo"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Every;
    use jiff::Timestamp;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn next(every: &str, after: &str, n: usize) -> Vec<String> {
        every.parse::<Every>().expect(every).after(at(after)).take(n).map(|at| at.to_string()).collect()
    }

    #[test]
    fn six_hours_are_counted_from_the_epoch_whenever_one_asks() {
        let at_noon = ["2026-11-27T12:00:00Z", "2026-11-27T18:00:00Z"];
        assert_eq!(next("6h", "2026-11-27T06:00:00Z", 2), at_noon);
        assert_eq!(next("6h", "2026-11-27T11:59:59.999Z", 2), at_noon);
        assert_eq!(next("6h", "1969-12-31T23:59:59.5Z", 1), ["1970-01-01T00:00:00Z"]);
    }

    #[test]
    fn a_period_that_divides_no_day_keeps_its_beat_over_midnight() {
        assert_eq!(next("7h", "1970-01-01T20:00:00Z", 2), ["1970-01-01T21:00:00Z", "1970-01-02T04:00:00Z"]);
    }

    #[test]
    fn months_begin_on_the_first_and_quarters_in_january() {
        assert_eq!(next("3 months", "2026-11-27T00:00:00Z", 2), ["2027-01-01T00:00:00Z", "2027-04-01T00:00:00Z"]);
        assert_eq!(next("P1Y", "2026-11-27T00:00:00Z", 1), ["2027-01-01T00:00:00Z"]);
        assert_eq!(next("5mo", "1970-01-01T00:00:00Z", 3), ["1970-06-01T00:00:00Z", "1970-11-01T00:00:00Z", "1971-04-01T00:00:00Z"]);
    }

    #[test]
    fn the_latest_and_the_count_agree_with_the_list() {
        let (from, to) = (at("1968-11-27T00:00:00Z"), at("1973-02-01T00:00:00Z"));
        for text in ["7h", "1d", "90s", "1mo", "5mo", "1y"] {
            let every: Every = text.parse().expect(text);
            let listed: Vec<Timestamp> = every.after(from).take_while(|at| *at <= to).collect();
            assert_eq!(every.count(from, to), listed.len() as u64, "{text}");
            assert_eq!(every.latest(to), listed.last().copied(), "{text}");
        }
    }

    #[test]
    fn a_period_of_nothing_and_mixed_months_are_refused() {
        for bad in ["0s", "1mo 2d", "-1mo", "P500Y", "soon"] {
            bad.parse::<Every>().expect_err(bad);
        }
    }
}
