//! A length of time, as the configuration writes it: ISO 8601, of hours, minutes and seconds.

use std::borrow::Cow;
use std::time::Duration;

use jiff::SignedDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time above zero, and at most a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period(SignedDuration);

/// The longest that any setting needs.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

impl Period {
    /// So many seconds.
    ///
    /// # Panics
    /// If it is none, or more than a year: only for what stands in the program.
    pub const fn seconds(seconds: i64) -> Self {
        assert!(seconds > 0 && seconds <= LONGEST.as_secs(), "a period is above zero and at most a year");
        Self(SignedDuration::from_secs(seconds))
    }

    /// So many minutes.
    ///
    /// # Panics
    /// As [`Period::seconds`] does.
    pub const fn minutes(minutes: i64) -> Self {
        Self::seconds(minutes * 60)
    }

    /// The same, to reckon with.
    pub fn signed(self) -> SignedDuration {
        self.0
    }
}

impl From<Period> for Duration {
    fn from(period: Period) -> Self {
        period.0.unsigned_abs()
    }
}

impl std::str::FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let told = || format!("`{text}` is not a length of time above zero; write it as ISO 8601 has it, such as `PT30S` or `PT2H`");
        let parsed: SignedDuration = text.parse().map_err(|_| told())?;
        if parsed <= SignedDuration::ZERO || parsed > LONGEST { Err(told()) } else { Ok(Self(parsed)) }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A length of time as ISO 8601 writes it, such as `PT30S` or `PT2H`.",
            "type": "string",
            "format": "duration",
            "pattern": r"^PT(\d+H(\d+M)?(\d+S)?|\d+M(\d+S)?|\d+S)$",
        })
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn a_period_reads_what_it_writes_and_refuses_nothing_and_less() {
        for text in ["PT30S", "PT2H", "PT1H30M"] {
            assert_eq!(text.parse::<Period>().expect("it is one").to_string(), text);
        }
        for text in ["PT0S", "-PT5S", "soon", "", "PT9000H"] {
            assert!(text.parse::<Period>().unwrap_err().contains("PT30S"), "{text}");
        }
    }
}
