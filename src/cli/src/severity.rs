//! A severity on the command line and in the configuration; the checks' own type knows neither.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How grave a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good practice.
    Low,
    /// A weakness that needs another one.
    Medium,
    /// A weakness by itself.
    High,
    /// An open door.
    Critical,
}

impl From<Severity> for checks::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Low => checks::Severity::Low,
            Severity::Medium => checks::Severity::Medium,
            Severity::High => checks::Severity::High,
            Severity::Critical => checks::Severity::Critical,
        }
    }
}
