//! What Prometheus reads: freshness first. The loop says what it did and what stands; nothing here asks the ledger.
//!
//! What stands (freshness, verdicts, findings, gaps, exemptions) is replaced as a whole, so that a scope that is gone is told no more.
//! What nobody knows has no number: an absent series is not a zero.

pub mod names;
mod process;
mod series;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::{prometheus_text, text};
use prometheus_client::registry::Registry;

use names::*;
use series::Series;

/// When a control was last assessed in a scope, and until when that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// The scope, such as an account.
    pub scope: String,
    /// The control.
    pub control: String,
    /// When it was last assessed.
    pub assessed: Timestamp,
    /// Until when the results stand.
    pub expires: Timestamp,
}

/// What the ledger holds now, by the names that metrics have.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Per scope and control.
    pub freshness: Vec<Freshness>,
    /// Verdicts by control and verdict.
    pub verdicts: BTreeMap<(String, String), u64>,
    /// Open findings by severity.
    pub open_findings: BTreeMap<String, u64>,
    /// Coverage gaps by scope.
    pub gaps: BTreeMap<String, u64>,
    /// Exemptions by state.
    pub exemptions: BTreeMap<String, u64>,
    /// When the next active exemption expires.
    pub next_expiry: Option<Timestamp>,
}

/// The ledger itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct LedgerFacts {
    /// Entries of its log.
    pub entries: u64,
    /// How large it is where it is stored, if that is known.
    pub bytes: Option<u64>,
    /// When the latest checkpoint was signed.
    pub checkpoint: Option<Timestamp>,
    /// What the latest verification found; absent before the first.
    pub verified: Option<bool>,
}

/// How the text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Prometheus text 0.0.4.
    Text,
    /// OpenMetrics 1.0.
    OpenMetrics,
}

impl Form {
    /// The content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Form::Text => prometheus_text::CONTENT_TYPE,
            Form::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// All metrics.
#[derive(Debug)]
pub struct Metrics {
    series: Arc<Series>,
    registry: Registry,
    freshness: Mutex<Vec<Freshness>>,
}

impl Metrics {
    /// Of a program of this version, started at this time.
    pub fn new(version: &str, started: Timestamp) -> Self {
        let series = Arc::new(Series::default());
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Arc::clone(&series)));
        series.set(&BUILD, &[version], 1.0);
        series.set(&STARTED, &[], seconds(started));
        Self { series, registry, freshness: Mutex::default() }
    }

    /// What stands now, instead of what stood.
    pub fn stands(&self, standing: &Standing) {
        let fresh = &standing.freshness;
        fn counts(of: &BTreeMap<String, u64>) -> impl Iterator<Item = ([&str; 1], f64)> {
            of.iter().map(|(label, count)| ([label.as_str()], *count as f64))
        }
        self.series.replace(&LAST_ASSESSED, fresh.iter().map(|one| ([one.scope.as_str(), one.control.as_str()], seconds(one.assessed))));
        self.series.replace(&RESULTS_EXPIRE, fresh.iter().map(|one| ([one.scope.as_str(), one.control.as_str()], seconds(one.expires))));
        let verdicts = standing.verdicts.iter().map(|((control, verdict), count)| ([control.as_str(), verdict.as_str()], *count as f64));
        self.series.replace(&VERDICTS, verdicts);
        self.series.replace(&OPEN_FINDINGS, counts(&standing.open_findings));
        self.series.replace(&COVERAGE_GAPS, counts(&standing.gaps));
        self.series.replace(&EXEMPTIONS, counts(&standing.exemptions));
        self.maybe(&EXEMPTION_EXPIRY, standing.next_expiry.map(seconds));
        *self.freshness.lock().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
    }

    /// How the ledger is.
    pub fn ledger(&self, facts: &LedgerFacts) {
        self.series.set(&LEDGER_ENTRIES, &[], facts.entries as f64);
        self.maybe(&LEDGER_BYTES, facts.bytes.map(|bytes| bytes as f64));
        self.maybe(&LEDGER_CHECKPOINT, facts.checkpoint.map(seconds));
        self.maybe(&LEDGER_VERIFIED, facts.verified.map(|whole| f64::from(u8::from(whole))));
    }

    /// A tick of a schedule ended; `state` is `done`, `failed`, `skipped` or `missed`.
    pub fn tick(&self, schedule: &str, state: &str) {
        self.series.add(&TICKS, &[schedule, state], 1);
    }

    /// A tick began so long after its time.
    pub fn tick_began(&self, schedule: &str, late: Duration) {
        self.series.set(&TICK_LATENESS, &[schedule], late.as_secs_f64());
    }

    /// When every schedule's next tick is due.
    pub fn next_ticks(&self, due: &BTreeMap<String, Timestamp>) {
        self.series.replace(&NEXT_TICK, due.iter().map(|(schedule, at)| ([schedule.as_str()], seconds(*at))));
    }

    /// A run ended, as `outcome` says, and took so long.
    pub fn run_ended(&self, schedule: &str, outcome: &str, took: Duration) {
        self.series.add(&RUNS, &[schedule, outcome], 1);
        self.series.observe(&RUN_DURATION, &[schedule], took.as_secs_f64());
    }

    /// So many calls more to a provider's API, and so many of them put off.
    pub fn api_calls(&self, provider: &str, calls: u64, throttled: u64) {
        self.series.add(&API_CALLS, &[provider], calls);
        self.series.add(&API_THROTTLES, &[provider], throttled);
    }

    /// A window of a source was taken in up to `watermark`: so many events that are new, and so many that were met before.
    pub fn window(&self, source: &str, new: u64, duplicate: u64, watermark: Timestamp) {
        self.series.add(&EVENTS_READ, &[source], new);
        self.series.add(&EVENTS_DUPLICATE, &[source], duplicate);
        self.series.set(&WATERMARK, &[source], seconds(watermark));
    }

    /// So many changes more that a sweep saw before any event told of them.
    pub fn events_missed(&self, source: &str, missed: u64) {
        self.series.add(&EVENTS_MISSED, &[source], missed);
    }

    /// An attempt to send a message of a channel ended as `sent`, `retry` or `dead`.
    pub fn attempt(&self, channel: &str, outcome: &str) {
        self.series.add(&ALERT_ATTEMPTS, &[channel, outcome], 1);
    }

    /// So many alerts of a channel were given up.
    pub fn dead(&self, channel: &str, reason: &str, alerts: u64) {
        self.series.add(&ALERTS_DEAD, &[channel, reason], alerts);
    }

    /// What is in the outbox, by channel: waiting, being sent, given up, and since when the oldest of the first two waits.
    pub fn outbox(&self, depth: &BTreeMap<String, crate::alerts::Depth>) {
        let counts = depth.iter().flat_map(|(channel, depth)| {
            [("waiting", depth.waiting), ("sending", depth.sending), ("dead", depth.dead)]
                .map(|(state, count)| ([channel.as_str(), state], count as f64))
        });
        self.series.replace(&OUTBOX, counts);
        let oldest = depth.iter().filter_map(|(channel, depth)| Some(([channel.as_str()], seconds(depth.oldest?))));
        self.series.replace(&OUTBOX_OLDEST, oldest);
    }

    /// The configuration was read again.
    pub fn reloaded(&self, good: bool, now: Timestamp) {
        self.series.set(&RELOAD_GOOD, &[], f64::from(u8::from(good)));
        if good {
            self.series.set(&RELOAD_AT, &[], seconds(now));
        }
    }

    /// Everything, as it is at `now`.
    ///
    /// # Errors
    /// If it cannot be written as text, which would be a mistake of ours.
    pub fn exposition(&self, form: Form, now: Timestamp) -> Result<String, std::fmt::Error> {
        self.age(now);
        self.maybe(&RESIDENT, process::resident_bytes().map(|bytes| bytes as f64));
        self.maybe(&OPEN_FILES, process::open_files().map(|count| count as f64));
        let mut told = String::new();
        match form {
            Form::Text => prometheus_text::encode(&mut told, &self.registry)?,
            Form::OpenMetrics => text::encode(&mut told, &self.registry)?,
        }
        Ok(told)
    }

    /// What changes although nothing happens.
    fn age(&self, now: Timestamp) {
        let fresh = self.freshness.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scopes: BTreeMap<&str, (f64, u64)> = BTreeMap::new();
        for one in fresh.iter() {
            let (age, stale) = scopes.entry(one.scope.as_str()).or_insert((0.0, 0));
            *age = age.max(now.duration_since(one.assessed).as_secs_f64());
            *stale += u64::from(one.expires <= now);
        }
        self.series.replace(&RESULTS_AGE, scopes.iter().map(|(scope, (age, _))| ([*scope], *age)));
        self.series.replace(&RESULTS_STALE, scopes.iter().map(|(scope, (_, stale))| ([*scope], *stale as f64)));
    }

    fn maybe(&self, name: &'static Name, value: Option<f64>) {
        match value {
            Some(value) => self.series.set(name, &[], value),
            None => self.series.unset(name, &[]),
        }
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

#[cfg(test)]
mod tests;
