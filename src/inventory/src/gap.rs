//! Not knowing, as a value: the read that failed, and why.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The member that marks an unread value inside a document: `{"$unknown": {"action": …, "cause": …}}`.
pub const UNKNOWN_KEY: &str = "$unknown";

/// The part of the estate we could not see, and the call that was refused or failed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Gap {
    /// The permission or call concerned, in the cloud's own spelling, such as `s3:GetBucketAcl`.
    pub action: String,
    /// The cloud's error code or our own word for it, such as `AccessDenied`, `Throttling`, `Timeout`, `Malformed`.
    pub cause: String,
    /// One line for the operator; never a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Gap {
    /// A gap without detail.
    pub fn new(action: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { action: action.into(), cause: cause.into(), detail: None }
    }

    /// The same gap with a line for the operator.
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The value that stands in a document where the read should have been.
    pub fn to_document(&self) -> Value {
        json!({ UNKNOWN_KEY: self })
    }

    /// The gap that a document value stands for, if it is one.
    ///
    /// Any object with a `$unknown` member counts, so that a malformed marker can never be mistaken for data.
    pub fn in_document(value: &Value) -> Option<Gap> {
        let marker = value.as_object()?.get(UNKNOWN_KEY)?;
        Some(serde_json::from_value(marker.clone()).unwrap_or_else(|_| Gap::new("unnamed", "Unknown")))
    }
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.action, self.cause)
    }
}

/// A field that was asked for: read, or not read and why. There is no default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read<T> {
    /// The cloud answered.
    Known(T),
    /// The cloud would not or could not say.
    Unknown(Gap),
}

impl<T> Read<T> {
    /// The value, if it was read.
    pub fn known(&self) -> Option<&T> {
        match self {
            Read::Known(value) => Some(value),
            Read::Unknown(_) => None,
        }
    }

    /// The same read with its value changed; a gap stays the gap it is.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Read<U> {
        match self {
            Read::Known(value) => Read::Known(change(value)),
            Read::Unknown(gap) => Read::Unknown(gap),
        }
    }
}

impl<T: Serialize> Serialize for Read<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Read::Known(value) => value.serialize(serializer),
            Read::Unknown(gap) => gap.to_document().serialize(serializer),
        }
    }
}

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Read<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match Gap::in_document(&value) {
            Some(gap) => Ok(Read::Unknown(gap)),
            None => serde_json::from_value(value).map(Read::Known).map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unread_value_survives_the_round_trip_as_unread() {
        let gap = Gap::new("s3:GetBucketAcl", "AccessDenied").with_detail("no statement allows it");
        let read: Read<bool> = Read::Unknown(gap.clone());
        let text = serde_json::to_string(&read).unwrap();
        assert_eq!(text, r#"{"$unknown":{"action":"s3:GetBucketAcl","cause":"AccessDenied","detail":"no statement allows it"}}"#);
        assert_eq!(serde_json::from_str::<Read<bool>>(&text).unwrap(), Read::Unknown(gap));
    }

    #[test]
    fn a_malformed_marker_is_still_a_gap() {
        let value = serde_json::json!({ "$unknown": 7, "Status": "Enabled" });
        assert!(Gap::in_document(&value).is_some());
    }
}
