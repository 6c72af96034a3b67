//! The occasions for an alert. Each has an id out of what makes it this one, so that coming across it again tells nobody twice.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::alert::name_of;
use super::{Alert, Kind, Severity};

impl Alert {
    /// A control fails in a scope that did not; `finding` is the id of this opening, another one when it is reopened.
    pub fn finding(
        finding: &str,
        severity: Severity,
        control: &str,
        scope: &str,
        title: &str,
        resources: &[String],
        at: Timestamp,
    ) -> Self {
        let count = resources.len();
        let shown: Vec<&str> = resources.iter().take(10).map(String::as_str).collect();
        let more = if count > shown.len() { format!(", and {} more", count - shown.len()) } else { String::new() };
        let resources = if count == 1 { "resource" } else { "resources" };
        Self {
            id: name_of("finding", [finding]),
            kind: Kind::Finding,
            severity,
            at,
            title: format!("{title} (`{control}`) fails in `{scope}`: {count} {resources}"),
            detail: format!("{}{more}", shown.join(", ")),
            control: Some(control.to_owned()),
            scope: Some(scope.to_owned()),
            facts: facts([("finding", finding.to_owned()), ("resources", count.to_string())]),
        }
    }

    /// Nobody looked at a scope from one time to another, or could not, because of `why`. `what` is what was to be looked at.
    pub fn gap(scope: &str, what: &str, from: Timestamp, to: Timestamp, why: &str) -> Self {
        Self {
            // A gap that grows is the same gap: it is named by its begin.
            id: name_of("gap", [scope, what, &from.to_string()]),
            kind: Kind::Gap,
            severity: Severity::High,
            at: to,
            title: format!("`{what}` of `{scope}` is not assessed since {from}"),
            detail: why.to_owned(),
            control: None,
            scope: Some(scope.to_owned()),
            facts: facts([("what", what.to_owned()), ("from", from.to_string()), ("to", to.to_string())]),
        }
    }

    /// An exemption expires within `days` (30, 7 or 1), and its failures count again then.
    pub fn exemption_expires(exemption: &str, owner: &str, control: Option<&str>, expires: Timestamp, days: u16, now: Timestamp) -> Self {
        Self {
            id: name_of("exemption", [exemption, &expires.to_string(), &days.to_string()]),
            kind: Kind::Exemption,
            severity: if days <= 1 { Severity::High } else { Severity::Medium },
            at: now,
            title: format!("exemption `{exemption}` expires on {expires}"),
            detail: format!("{owner} owns it; renew it or remove its cause, or what it covers counts again"),
            control: control.map(str::to_owned),
            scope: None,
            facts: facts([("exemption", exemption.to_owned()), ("owner", owner.to_owned()), ("expires", expires.to_string())]),
        }
    }

    /// The run of a tick failed.
    pub fn run_failed(schedule: &str, tick: Timestamp, why: &str, now: Timestamp) -> Self {
        Self {
            id: name_of("run", [schedule, &tick.to_string()]),
            kind: Kind::Run,
            severity: Severity::High,
            at: now,
            title: format!("the run of `{schedule}` at {tick} failed"),
            detail: why.to_owned(),
            control: None,
            scope: None,
            facts: facts([("schedule", schedule.to_owned()), ("tick", tick.to_string())]),
        }
    }

    /// Ticks of a schedule were missed, from the first to the last.
    pub fn ticks_missed(schedule: &str, count: u64, first: Timestamp, last: Timestamp, why: &str, now: Timestamp) -> Self {
        let ticks = if count == 1 { "tick was" } else { "ticks were" };
        Self {
            id: name_of("missed", [schedule, &first.to_string(), &last.to_string()]),
            kind: Kind::Run,
            severity: Severity::High,
            at: now,
            title: format!("{count} {ticks} missed by `{schedule}`"),
            detail: format!("from {first} to {last}: {why}"),
            control: None,
            scope: None,
            facts: facts([("schedule", schedule.to_owned()), ("missed", count.to_string())]),
        }
    }

    /// A verification found that the ledger is not what was written; `checkpoint` names the state that was looked at.
    pub fn ledger_unsound(checkpoint: &str, why: &str, now: Timestamp) -> Self {
        Self {
            id: name_of("ledger", [checkpoint, why]),
            kind: Kind::Ledger,
            severity: Severity::Critical,
            at: now,
            title: "the ledger does not verify".into(),
            detail: format!("{why}; keep a copy of it as it is, and compare with the checkpoints that are kept outside"),
            control: None,
            scope: None,
            facts: facts([("checkpoint", checkpoint.to_owned())]),
        }
    }
}

fn facts<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Alert, Severity};

    #[test]
    fn coming_across_the_same_happening_again_is_the_same_alert() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().expect("a time");
        let (one, two) = (at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"));
        let finding = |id, at| Alert::finding(id, Severity::Critical, "dat-01", "prod", "No public buckets", &["a".into()], at).id;
        assert_eq!(finding("F-1", one), finding("F-1", two));
        assert_ne!(finding("F-1", one), finding("F-2", one));
        let gap = |from, to| Alert::gap("prod", "aws.s3.bucket", from, to, "denied").id;
        assert_eq!(gap(one, one), gap(one, two));
        assert_ne!(gap(one, two), gap(two, two));
        let warn = |days| Alert::exemption_expires("EX-1", "web", None, two, days, one).id;
        assert_ne!(warn(30), warn(7));
    }

    #[test]
    fn many_resources_are_counted_and_not_listed() {
        let names: Vec<String> = (0..25).map(|at| format!("bucket-{at}")).collect();
        let alert = Alert::finding("F-1", Severity::High, "dat-01", "prod", "No public buckets", &names, jiff::Timestamp::UNIX_EPOCH);
        assert!(alert.title.ends_with("25 resources") && alert.detail.ends_with("bucket-9, and 15 more"), "{alert:?}");
    }
}
