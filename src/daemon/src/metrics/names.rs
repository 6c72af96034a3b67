//! Every metric, by name: what is not in this list is not told.

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Goes up only.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How many of which size.
    Histogram,
}

/// What stands for the series that there is no more room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// All together.
    Sum,
    /// The least, such as the oldest time.
    Least,
    /// The greatest.
    Greatest,
}

/// A metric: its name as it is read, its labels, and what it says.
#[derive(Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, with its unit.
    pub name: &'static str,
    /// What kind of number it is.
    pub kind: Type,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// How the series beyond the limit are told.
    pub fold: Fold,
    /// A sentence.
    pub help: &'static str,
}

macro_rules! names {
    ($($constant:ident = $name:literal $kind:ident $labels:expr, $fold:ident: $help:literal;)*) => {
        $(#[doc = concat!("`", $name, "`: ", $help)]
        pub const $constant: Name = Name { name: $name, kind: Type::$kind, labels: &$labels, fold: Fold::$fold, help: $help };)*
        /// All of them, in the order in which they are told.
        pub const ALL: &[&Name] = &[$(&$constant),*];
    };
}

names! {
    LAST_ASSESSED = "assize_last_assessed_timestamp_seconds" Gauge ["scope", "control"], Least: "When the control was last assessed in the scope.";
    RESULTS_EXPIRE = "assize_results_expire_timestamp_seconds" Gauge ["scope", "control"], Least: "When the control's results in the scope expire, after which they count as stale.";
    RESULTS_AGE = "assize_results_age_seconds" Gauge ["scope"], Greatest: "How old the oldest result of the scope is.";
    RESULTS_STALE = "assize_results_stale" Gauge ["scope"], Sum: "Controls of the scope whose results have expired.";
    VERDICTS = "assize_verdicts" Gauge ["control", "verdict"], Sum: "Verdicts that stand, by control.";
    OPEN_FINDINGS = "assize_open_findings" Gauge ["severity"], Sum: "Findings that are open.";
    COVERAGE_GAPS = "assize_coverage_gaps" Gauge ["scope"], Sum: "Intervals of the scope that nobody looked at or could not.";
    TICKS = "assize_ticks_total" Counter ["schedule", "state"], Sum: "Ticks of the schedule by how they ended: done, failed, skipped or missed.";
    TICK_LATENESS = "assize_tick_lateness_seconds" Gauge ["schedule"], Greatest: "How long after its time the schedule's latest tick began.";
    NEXT_TICK = "assize_next_tick_timestamp_seconds" Gauge ["schedule"], Least: "When the schedule's next tick is due.";
    RUNS = "assize_runs_total" Counter ["schedule", "outcome"], Sum: "Runs by how they ended.";
    RUN_DURATION = "assize_run_duration_seconds" Histogram ["schedule"], Sum: "How long runs take.";
    API_CALLS = "assize_api_calls_total" Counter ["provider"], Sum: "Calls to the provider's API.";
    API_THROTTLES = "assize_api_throttles_total" Counter ["provider"], Sum: "Calls that the provider's API put off.";
    EVENTS_READ = "assize_events_read_total" Counter ["source"], Sum: "Events that were read for the first time.";
    EVENTS_DUPLICATE = "assize_events_duplicate_total" Counter ["source"], Sum: "Events that were met again and did nothing.";
    EVENTS_MISSED = "assize_events_missed_total" Counter ["source"], Sum: "Changes that a full sweep saw first, because no event told of them.";
    WATERMARK = "assize_window_watermark_timestamp_seconds" Gauge ["source"], Least: "Up to when the source's events have been taken in.";
    EXEMPTIONS = "assize_exemptions" Gauge ["state"], Sum: "Exemptions by state.";
    EXEMPTION_EXPIRY = "assize_exemption_next_expiry_timestamp_seconds" Gauge [], Least: "When the next active exemption expires.";
    OUTBOX = "assize_outbox_alerts" Gauge ["channel", "state"], Sum: "Alerts in the outbox: waiting, sending or dead.";
    OUTBOX_OLDEST = "assize_outbox_oldest_timestamp_seconds" Gauge ["channel"], Least: "Since when the oldest alert that has not arrived waits.";
    ALERT_ATTEMPTS = "assize_alert_attempts_total" Counter ["channel", "outcome"], Sum: "Attempts to send a message: sent, retry or dead.";
    ALERTS_DEAD = "assize_alerts_dead_total" Counter ["channel", "reason"], Sum: "Alerts that were given up, by reason.";
    LEDGER_ENTRIES = "assize_ledger_log_entries" Gauge [], Greatest: "Entries of the ledger's log.";
    LEDGER_CHECKPOINT = "assize_ledger_checkpoint_timestamp_seconds" Gauge [], Least: "When the latest checkpoint was signed.";
    LEDGER_VERIFIED = "assize_ledger_verified" Gauge [], Least: "Whether the ledger's latest verification found it whole.";
    LEDGER_BYTES = "assize_ledger_size_bytes" Gauge [], Greatest: "How large the ledger is where it is stored.";
    RELOAD_GOOD = "assize_config_last_reload_successful" Gauge [], Least: "Whether the configuration was right when it was last read.";
    RELOAD_AT = "assize_config_last_reload_success_timestamp_seconds" Gauge [], Least: "When a right configuration was last read.";
    FOLDED = "assize_metrics_folded_total" Counter ["metric"], Sum: "Values that were put together under `(others)` because the metric has too many series.";
    BUILD = "assize_build_info" Gauge ["version"], Greatest: "The program.";
    RESIDENT = "process_resident_memory_bytes" Gauge [], Greatest: "Memory that the process holds.";
    STARTED = "process_start_time_seconds" Gauge [], Least: "When the process started.";
    OPEN_FILES = "process_open_fds" Gauge [], Greatest: "Files and connections that the process has open.";
}

/// The reference page.
pub fn page() -> String {
    let mut page = String::from(
        "<!-- Generated by `UPDATE=1 cargo test -p assize-daemon`. -->\n# Metrics\n\nWhat `assize daemon` tells Prometheus at `/metrics`. \
         A metric has at most 20,000 series (counters and histograms 1,000); what is beyond is put together under `(others)`, at its worst.\n\n\
         | metric | type | labels | says |\n|---|---|---|---|\n",
    );
    for name in ALL {
        let kind = match name.kind {
            Type::Counter => "counter",
            Type::Gauge => "gauge",
            Type::Histogram => "histogram",
        };
        let labels: Vec<String> = name.labels.iter().map(|label| format!("`{label}`")).collect();
        page += &format!("| `{}` | {kind} | {} | {} |\n", name.name, labels.join(", "), name.help);
    }
    page
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ALL, Type, page};

    /// What Prometheus asks of names, as `promtool check metrics` does.
    #[test]
    fn every_name_is_one_that_prometheus_likes() {
        let units = ["_seconds", "_bytes"];
        let wrong_units = ["_ms", "_milliseconds", "_minutes", "_hours", "_days", "_kilobytes", "_mb", "_percent"];
        for name in ALL {
            let told = name.name;
            assert!(told.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{told}");
            assert!(told.starts_with("assize_") || told.starts_with("process_"), "{told}");
            assert_eq!(told.ends_with("_total"), name.kind == Type::Counter, "{told}: counters, and only they, end in _total");
            assert!(name.kind != Type::Histogram || units.iter().any(|unit| told.ends_with(unit)), "{told}: a histogram has a unit");
            assert!(!wrong_units.iter().any(|unit| told.contains(unit)), "{told}: units are base units");
            assert!(!["_count", "_sum", "_bucket"].iter().any(|end| told.ends_with(end)), "{told}: that end is a histogram's");
            assert!(!["gauge", "counter", "histogram"].iter().any(|kind| told.contains(kind)), "{told}: the type is no part of the name");
            assert!(name.help.ends_with('.') && name.labels.len() <= 2, "{told}");
            assert!(!name.labels.iter().any(|label| ["le", "quantile", "job", "instance", "id"].contains(label)), "{told}");
        }
        let mut names: Vec<&str> = ALL.iter().map(|name| name.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn the_reference_page_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, page()).expect("the page is written");
        }
        let stands = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(stands, page(), "run `UPDATE=1 cargo test -p assize-daemon`");
    }
}
