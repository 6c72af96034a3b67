//! Instants on the command line: with an offset, or a day, which begins in UTC.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The instant of a text such as `2026-11-24T06:00:00Z`, or the first of a day such as `2026-11-24`, UTC.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    let day = || text.parse::<Date>().ok().and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
    // A date and time without an offset also begins like a day; it is refused, because nobody knows whose clock it is by.
    let is_day = text.len() == 10;
    text.parse::<Timestamp>().ok().or_else(|| if is_day { day() } else { None }).ok_or_else(|| {
        format!("`{text}` is no instant; write it with an offset, such as `2026-11-24T06:00:00Z`, or a day, such as `2026-11-24` (UTC)")
    })
}

/// So many days before an instant.
pub fn days_before(at: Timestamp, days: u32) -> Timestamp {
    at.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN)
}

/// An instant in whole seconds, as people read it.
pub fn told(at: Timestamp) -> String {
    format!("{at:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_an_offset_and_a_day_begins_in_utc() {
        assert_eq!(instant("2026-11-24"), instant("2026-11-24T00:00:00Z"));
        assert_eq!(instant("2026-11-24T01:00:00+01:00"), instant("2026-11-24T00:00:00Z"));
        for wrong in ["", "yesterday", "2026-11-24T06:00:00", "2026-13-01", "2026-11-24 06:00"] {
            assert!(instant(wrong).unwrap_err().contains("2026-11-24T06:00:00Z"), "{wrong}");
        }
    }
}
