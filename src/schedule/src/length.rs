//! Lengths of time as operators write them: `90s`, `6h`, `1d`, `1h30m`, `PT6H`, `P2W`.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Span};

use crate::Wrong;

/// A length of time in whole seconds. A day is 24 hours and a week seven of those, whatever clocks do meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Length(i64);

/// No plan looks further than some centuries.
const LONGEST: i64 = 400 * 366 * 86_400;

const FIX: &str = "write it as `90s`, `15m`, `6h`, `1d`, `2w` or as ISO 8601 has it, such as `PT6H`";

impl Length {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many seconds; `None` for less than none and for more than 400 years.
    pub fn of_seconds(seconds: i64) -> Option<Self> {
        (0..=LONGEST).contains(&seconds).then_some(Self(seconds))
    }

    /// How many seconds it is.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// The length of a span that counts neither months nor years.
    pub(crate) fn of_span(span: Span, text: &str) -> Result<Self, Wrong> {
        if span.get_years() != 0 || span.get_months() != 0 {
            return Err(Wrong::new("every", format!("`{text}` counts months or years, which have no fixed length"), FIX));
        }
        if span.get_milliseconds() != 0 || span.get_microseconds() != 0 || span.get_nanoseconds() != 0 {
            return Err(Wrong::new("every", format!("`{text}` is finer than a second"), "round it to whole seconds"));
        }
        let counted = [
            (i64::from(span.get_weeks()), 7 * 86_400),
            (i64::from(span.get_days()), 86_400),
            (i64::from(span.get_hours()), 3_600),
            (span.get_minutes(), 60),
            (span.get_seconds(), 1),
        ];
        let sum = counted.into_iter().try_fold(0_i64, |sum, (count, unit)| sum.checked_add(count.checked_mul(unit)?));
        sum.and_then(Self::of_seconds)
            .ok_or_else(|| Wrong::new("every", format!("`{text}` is negative or longer than 400 years"), "write a length between those"))
    }
}

/// What jiff reads of the text, in both notations.
pub(crate) fn span(text: &str) -> Result<Span, Wrong> {
    text.trim().parse().map_err(|_| Wrong::new("every", format!("`{text}` is no length of time"), FIX))
}

impl FromStr for Length {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        Self::of_span(span(text)?, text)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")] {
            if rest >= unit {
                write!(f, "{}{name}", rest / unit)?;
                rest %= unit;
            }
        }
        Ok(())
    }
}

impl From<Length> for SignedDuration {
    fn from(length: Length) -> Self {
        SignedDuration::from_secs(length.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Length;

    #[test]
    fn lengths_are_read_in_both_notations_and_written_in_the_shorter() {
        for (text, seconds, written) in [
            ("90s", 90, "1m30s"),
            ("15m", 900, "15m"),
            ("6h", 21_600, "6h"),
            ("6 hours", 21_600, "6h"),
            ("1d", 86_400, "1d"),
            ("2w", 1_209_600, "14d"),
            ("PT6H", 21_600, "6h"),
            ("P1DT30M", 88_200, "1d30m"),
            ("0s", 0, "0s"),
        ] {
            let length: Length = text.parse().expect(text);
            assert_eq!((length.seconds(), length.to_string().as_str()), (seconds, written), "{text}");
            assert_eq!(written.parse(), Ok(length));
        }
    }

    #[test]
    fn a_length_that_is_none_says_how_to_write_one() {
        for bad in ["", "6", "6 parsecs", "-1h", "1mo", "P1Y", "500ms", "900000w"] {
            let wrong = bad.parse::<Length>().expect_err(bad);
            assert!(!wrong.what.is_empty() && !wrong.fix.is_empty(), "{bad}");
        }
    }
}
