//! Points in time: three spellings on the wire, one in documents (RFC 3339, UTC).

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::{Number, Value};

/// How a time is spelt on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `2015-01-25T08:00:00Z`
    Iso8601,
    /// Seconds since 1970.
    Unix,
    /// `Sun, 25 Jan 2015 08:00:00 GMT`
    Rfc822,
}

impl Format {
    /// The model's word for a format, or the protocol's own where it says nothing.
    pub(super) fn of(word: Option<&str>, otherwise: Format) -> Format {
        match word {
            Some("iso8601") => Format::Iso8601,
            Some("unixTimestamp") => Format::Unix,
            Some("rfc822") => Format::Rfc822,
            _ => otherwise,
        }
    }
}

/// A time out of a call's input: RFC 3339 text or seconds since 1970.
pub(super) fn from_input(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => from_seconds(number),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A time as JSON on the wire: a number for seconds, text otherwise.
pub(super) fn to_wire(time: Timestamp, format: Format) -> Value {
    match format {
        Format::Iso8601 => Value::String(time.to_string()),
        Format::Rfc822 => Value::String(http_date(time)),
        Format::Unix if time.subsec_nanosecond() == 0 => Value::from(time.as_second()),
        Format::Unix => Number::from_f64(time.as_millisecond() as f64 / 1000.0).map_or(Value::Null, Value::Number),
    }
}

/// A time as text on the wire.
pub(super) fn to_text(time: Timestamp, format: Format) -> String {
    match to_wire(time, format) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// A time in an answer, whatever its spelling: services do not all keep to their model.
pub(super) fn from_wire(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => from_seconds(number),
        Value::String(text) => from_text(text),
        _ => None,
    }
}

fn from_text(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let seconds = || text.parse::<Number>().ok().and_then(|number| from_seconds(&number));
    // The vendor writes `+0000` as well as `Z`, and leaves the zone out where it means UTC.
    let bare =
        || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    seconds().or_else(|| text.parse().ok()).or_else(|| rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())).or_else(bare)
}

fn from_seconds(number: &Number) -> Option<Timestamp> {
    if let Some(seconds) = number.as_i64() {
        return Timestamp::from_second(seconds).ok();
    }
    let seconds = number.as_f64()?;
    // Milliseconds are what the vendor sends; finer digits are noise of binary fractions.
    Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()
}

fn http_date(time: Timestamp) -> String {
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap_or_else(|_| time.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Format, from_wire, to_text};

    #[test]
    fn every_spelling_of_one_moment_reads_the_same() {
        for wire in [
            json!(1422172800),
            json!("1422172800"),
            json!("2015-01-25T08:00:00Z"),
            json!("2015-01-25T08:00:00.000+0000"),
            json!("2015-01-25T09:00:00+01:00"),
            json!("2015-01-25T08:00:00"),
            json!("Sun, 25 Jan 2015 08:00:00 GMT"),
        ] {
            assert_eq!(from_wire(&wire).map(|time| time.to_string()).as_deref(), Some("2015-01-25T08:00:00Z"), "{wire}");
        }
    }

    #[test]
    fn fractions_of_a_second_are_kept_to_the_millisecond() {
        assert_eq!(from_wire(&json!(1422172801.234)).unwrap().to_string(), "2015-01-25T08:00:01.234Z");
        assert_eq!(to_text("2015-01-25T08:00:00Z".parse().unwrap(), Format::Rfc822), "Sun, 25 Jan 2015 08:00:00 GMT");
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        assert_eq!(from_wire(&json!("soon")), None);
        assert_eq!(from_wire(&json!(true)), None);
    }
}
