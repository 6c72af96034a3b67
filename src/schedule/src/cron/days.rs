//! The dates of a cron expression.

use jiff::civil::Date;

/// Which dates match: days of the month and of the week, months, years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Days {
    /// A bit for each day of the month, from bit 1.
    pub(crate) of_month: u32,
    /// A bit for each month, from bit 1.
    pub(crate) months: u16,
    /// A bit for each day of the week, from Sunday at bit 0.
    pub(crate) of_week: u8,
    /// Whether one of the two days is enough.
    pub(crate) either: bool,
    /// The years, in order; `None` for any.
    pub(crate) years: Option<Vec<i16>>,
}

pub(crate) const EVERY_DAY: u32 = 0xffff_fffe;
pub(crate) const EVERY_MONTH: u16 = 0x1ffe;
pub(crate) const EVERY_WEEKDAY: u8 = 0x7f;

impl Days {
    pub(crate) fn matches(&self, date: Date) -> bool {
        let of_month = self.of_month >> date.day() & 1 == 1;
        let of_week = self.of_week >> date.weekday().to_sunday_zero_offset() & 1 == 1;
        let day = if self.either { of_month || of_week } else { of_month && of_week };
        day && self.months >> date.month() & 1 == 1 && self.years.as_ref().is_none_or(|years| years.binary_search(&date.year()).is_ok())
    }

    /// Whether any date matches. In a century and a third, every date has been on every day of the week.
    pub(crate) fn ever(&self) -> bool {
        let first_of = |year| Date::constant(year, 1, 1);
        let days_of =
            |year| std::iter::successors(Some(first_of(year)), |date| date.tomorrow().ok()).take_while(move |date| date.year() == year);
        match &self.years {
            Some(years) => years.iter().flat_map(|year| days_of(*year)).any(|date| self.matches(date)),
            None => (1970..=2100).flat_map(days_of).any(|date| self.matches(date)),
        }
    }

    /// The last year that matches; `None` where there is no last.
    pub(crate) fn last_year(&self) -> Option<i16> {
        self.years.as_ref().and_then(|years| years.last().copied())
    }
}
