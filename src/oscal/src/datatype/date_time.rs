//! `DateTime`: a point in time with its zone, kept in the very text it was read in.

use std::sync::Arc;

use super::ValueError;

const EXPECTED: &str = "a date and time with a zone, such as `2026-11-23T06:00:00Z`";
const PATTERN: &str = concat!(
    "^(((2000|2400|2800|(19|2[0-9](0[48]|[2468][048]|[13579][26])))-02-29)|(((19|2[0-9])[0-9]{2})-02-(0[1-9]|1[0-9]|2[0-8]))",
    "|(((19|2[0-9])[0-9]{2})-(0[13578]|10|12)-(0[1-9]|[12][0-9]|3[01]))|(((19|2[0-9])[0-9]{2})-(0[469]|11)-(0[1-9]|[12][0-9]|30)))",
    r"T(2[0-3]|[01][0-9]):([0-5][0-9]):([0-5][0-9])(\.[0-9]+)?",
    r"(Z|(-((0[0-9]|1[0-2]):00|0[39]:30)|\+((0[0-9]|1[0-4]):00|(0[34569]|10):30|(0[58]|12):45)))$"
);

/// A point in time with a zone. Its order and equality are those of the text; [`DateTime::timestamp`] gives the instant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTime(Arc<str>);

impl DateTime {
    /// The text, exactly as it was read.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant that the text names.
    pub fn timestamp(&self) -> jiff::Timestamp {
        self.0.parse().expect("checked when the text was read")
    }
}

impl From<jiff::Timestamp> for DateTime {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(instant.to_string().into())
    }
}

impl std::str::FromStr for DateTime {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let right = has_shape(text) && has_zone_of_this_world(text) && text.parse::<jiff::Timestamp>().is_ok();
        if right { Ok(Self(text.into())) } else { Err(ValueError::new(text, EXPECTED)) }
    }
}

/// `YYYY-MM-DDThh:mm:ss`, in the years that OSCAL knows (1900 to 2999) and without leap seconds; the calendar is jiff's.
fn has_shape(text: &str) -> bool {
    let Some((date, _)) = text.split_at_checked(19) else { return false };
    let shape = date.bytes().zip("dddd-dd-ddTdd:dd:dd".bytes());
    let digits_and_marks = shape.into_iter().all(|(b, s)| if s == b'd' { b.is_ascii_digit() } else { b == s });
    digits_and_marks && (date.starts_with("19") || date.starts_with('2')) && date[17..] < *"60"
}

/// OSCAL lists the offsets that are in use on Earth; fractions of a second come before them.
fn has_zone_of_this_world(text: &str) -> bool {
    let rest = &text[19..];
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    match zone.split_at_checked(1) {
        Some(("Z", "")) => true,
        Some(("-", offset)) => is_full_hour(offset, "12") || matches!(offset, "03:30" | "09:30"),
        Some(("+", offset)) => {
            is_full_hour(offset, "14")
                || matches!(offset, "03:30" | "04:30" | "05:30" | "06:30" | "09:30" | "10:30")
                || matches!(offset, "05:45" | "08:45" | "12:45")
        }
        _ => false,
    }
}

fn is_full_hour(offset: &str, last: &str) -> bool {
    let hour = offset.strip_suffix(":00").filter(|hour| hour.len() == 2);
    hour.is_some_and(|hour| hour.bytes().all(|b| b.is_ascii_digit()) && hour <= last)
}

super::text_traits!(DateTime);

impl schemars::JsonSchema for DateTime {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DateTime".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "$comment": EXPECTED, "format": "date-time", "pattern": PATTERN })
    }
}

#[cfg(test)]
mod tests {
    use super::DateTime;

    #[test]
    fn the_text_is_kept_and_names_an_instant() {
        let read: DateTime = "2023-05-08T14:29:28.30-04:00".parse().expect("valid");
        assert_eq!(read.as_str(), "2023-05-08T14:29:28.30-04:00");
        assert_eq!(DateTime::from(read.timestamp()).as_str(), "2023-05-08T18:29:28.3Z");
    }

    #[test]
    fn a_time_without_a_zone_or_in_no_calendar_is_refused() {
        for bad in [
            "2023-05-08",
            "2023-05-08T14:29:28",
            "2023-02-29T00:00:00Z",
            "2023-05-08T14:29:60Z",
            "2023-05-08T24:00:00Z",
            "2023-05-08t14:29:28z",
            "2023-05-08 14:29:28Z",
            "2023-05-08T14:29:28+02:15",
            "2023-05-08T14:29:28.Z",
            "1823-05-08T14:29:28Z",
        ] {
            assert!(bad.parse::<DateTime>().is_err(), "{bad}");
        }
    }
}
