//! Lines on standard error, for a machine (JSON) or a person, each with the run, the tick and the scope that it belongs to, and none
//! with a secret.
//!
//! Fields of spans are fields of every line within them: enter [`tick`], [`run()`] or [`scope`] and say nothing twice.

mod lines;

use std::io::Write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing::Span;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, reload};

pub use lines::Lines;

use crate::{Clock, Redactor};

/// The form of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// One JSON object a line.
    Json,
    /// For a person.
    Text,
}

/// Which lines there are.
///
/// # Errors
/// What is wrong with the text.
pub fn filter(text: &str) -> Result<Targets, String> {
    if text.trim().is_empty() {
        return Err("it is empty".into());
    }
    let filter: Targets = text.parse().map_err(|error| format!("`{text}` is no filter: {error}"))?;
    // A bare word that is no level counts as a module: a misspelt level would silence everything.
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    match text.split(',').map(str::trim).find(|part| !part.contains(['=', ':']) && !levels.contains(&part.to_ascii_lowercase().as_str())) {
        Some(part) => Err(format!("`{part}` is no level")),
        None => Ok(filter),
    }
}

/// Changes what is logged while the daemon runs.
#[derive(Clone, Debug)]
pub struct Volume(reload::Handle<Targets, Registry>);

impl Volume {
    /// Sets another filter.
    ///
    /// # Errors
    /// What is wrong with it; the old one stays.
    pub fn set(&self, text: &str) -> Result<(), String> {
        self.0.reload(filter(text)?).map_err(|error| error.to_string())
    }
}

/// Who writes the lines, to be set as the program's, and how to change which.
///
/// # Errors
/// What is wrong with the filter.
pub fn subscriber(
    form: Form,
    level: &str,
    redactor: Redactor,
    clock: Clock,
    to: impl Write + Send + 'static,
) -> Result<(impl tracing::Subscriber + Send + Sync, Volume), String> {
    let (filter, handle) = reload::Layer::new(filter(level)?);
    let lines = Lines::new(form, redactor, clock, to).with_filter(filter);
    Ok((tracing_subscriber::registry().with(lines), Volume(handle)))
}

/// Logs to standard error from now on.
///
/// # Errors
/// If the filter is wrong, or somebody logs already.
pub fn start(form: Form, level: &str, redactor: Redactor) -> Result<Volume, String> {
    let (subscriber, volume) = subscriber(form, level, redactor, Clock::real(), std::io::stderr())?;
    tracing::subscriber::set_global_default(subscriber).map_err(|error| error.to_string())?;
    Ok(volume)
}

/// Everything within belongs to a tick: a schedule and its logical time.
pub fn tick(schedule: &str, at: jiff::Timestamp) -> Span {
    tracing::info_span!("tick", schedule, tick = %at)
}

/// Everything within belongs to a run.
pub fn run(id: &str) -> Span {
    tracing::info_span!("run", run = id)
}

/// Everything within belongs to a scope, such as an account.
pub fn scope(name: &str) -> Span {
    tracing::info_span!("scope", scope = name)
}

#[cfg(test)]
mod tests;
