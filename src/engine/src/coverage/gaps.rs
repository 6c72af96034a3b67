//! Which instants no look covers, and why.

use std::collections::BTreeMap;

use inventory::Scope;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Blank, BlankReason, Look, Looked};

/// A control in a scope, and the kinds that its checks judge there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The control.
    pub control: String,
    /// Where.
    pub scope: Scope,
    /// The kinds.
    pub kinds: Vec<String>,
}

/// How a control was assessed in a scope over an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// The control.
    pub control: String,
    /// Where.
    pub scope: Scope,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Lists that were read to the end in the interval.
    pub looked: u64,
    /// Lists that could not be read.
    pub failed: u64,
    /// What was not assessed; none means: assessed without a gap.
    pub gaps: Vec<Gap>,
}

/// A span that no look covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The kind that nobody knows of.
    pub kind: String,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub reason: GapReason,
}

/// Why nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// Nobody looked, and nothing is recorded of why.
    NobodyLooked,
    /// No daemon was running.
    DaemonDown,
    /// The list could not be read.
    ListFailed {
        /// The call.
        action: String,
        /// Why it failed.
        cause: String,
    },
    /// The scope could not be reached at all.
    Unreachable {
        /// What stood in the way.
        cause: String,
    },
    /// The time of a schedule came, and nothing was done.
    TickSkipped {
        /// Why.
        reason: String,
    },
    /// A run was cut short.
    Interrupted,
}

impl GapReason {
    /// The token that documents use.
    pub fn as_str(&self) -> &'static str {
        match self {
            GapReason::NobodyLooked => "nobody-looked",
            GapReason::DaemonDown => "daemon-down",
            GapReason::ListFailed { .. } => "list-failed",
            GapReason::Unreachable { .. } => "unreachable",
            GapReason::TickSkipped { .. } => "tick-skipped",
            GapReason::Interrupted => "interrupted",
        }
    }
}

impl std::fmt::Display for GapReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            GapReason::NobodyLooked => f.write_str("nobody looked"),
            GapReason::DaemonDown => f.write_str("no daemon was running"),
            GapReason::ListFailed { action, cause } => write!(f, "the list could not be read: {action}: {cause}"),
            GapReason::Unreachable { cause } => write!(f, "the scope could not be reached: {cause}"),
            GapReason::TickSkipped { reason } => write!(f, "the time of a schedule came and nothing was done: {reason}"),
            GapReason::Interrupted => f.write_str("the run was cut short"),
        }
    }
}

impl From<&BlankReason> for GapReason {
    fn from(reason: &BlankReason) -> Self {
        match reason {
            BlankReason::Down => GapReason::DaemonDown,
            BlankReason::Unreachable { cause } => GapReason::Unreachable { cause: cause.clone() },
            BlankReason::Skipped { reason } => GapReason::TickSkipped { reason: reason.clone() },
            BlankReason::Interrupted => GapReason::Interrupted,
        }
    }
}

impl Coverage {
    /// Whether it was assessed all the time.
    pub fn is_whole(&self) -> bool {
        self.gaps.is_empty()
    }
}

/// `dat-01 in aws/111122223333 was assessed without a gap from … to …`, or what it was not assessed for.
impl std::fmt::Display for Coverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { control, scope, from, until, .. } = self;
        match self.gaps.len() {
            0 => write!(f, "{control} in {scope} was assessed without a gap from {from} to {until}"),
            1 => write!(f, "{control} in {scope} has a gap between {from} and {until}"),
            many => write!(f, "{control} in {scope} has {many} gaps between {from} and {until}"),
        }
    }
}

/// Whether each control was assessed in each scope, all the time from one instant to another.
///
/// Looks before the interval count as far as they reach into it. An interval that is empty or backwards has no gap.
pub fn coverage(wanted: &[Wanted], looks: &[Look], blanks: &[Blank], from: Timestamp, until: Timestamp) -> Vec<Coverage> {
    let mut by_list: BTreeMap<(&str, &Scope), Vec<&Look>> = BTreeMap::new();
    for look in looks.iter().filter(|look| look.from < until && look.until > from) {
        by_list.entry((&look.kind, &look.scope)).or_default().push(look);
    }
    by_list.values_mut().for_each(|looks| looks.sort_by_key(|look| (look.from, look.until)));
    let one = |wanted: &Wanted| {
        let concerned: Vec<&Blank> = blanks.iter().filter(|blank| blank.concerns(&wanted.scope)).collect();
        let mut answer =
            Coverage { control: wanted.control.clone(), scope: wanted.scope.clone(), from, until, looked: 0, failed: 0, gaps: Vec::new() };
        for kind in &wanted.kinds {
            let looks = by_list.get(&(kind.as_str(), &wanted.scope)).map_or(&[][..], Vec::as_slice);
            let failed = looks.iter().filter(|look| matches!(look.outcome, Looked::Failed { .. })).count() as u64;
            answer.failed += failed;
            answer.looked += looks.len() as u64 - failed;
            answer.gaps.extend(gaps(kind, looks, &concerned, from, until));
        }
        answer.gaps.sort_by(|a, b| (a.from, &a.kind, a.until).cmp(&(b.from, &b.kind, b.until)));
        answer
    };
    wanted.iter().map(one).collect()
}

/// The gaps of one list, in order, each with its reason.
fn gaps(kind: &str, looks: &[&Look], blanks: &[&Blank], from: Timestamp, until: Timestamp) -> Vec<Gap> {
    let mut found = Vec::new();
    let mut known = from;
    let good = looks.iter().filter(|look| matches!(look.outcome, Looked::Found(_)));
    for (start, end) in good.map(|look| (look.from, look.until)).chain([(until, until)]) {
        if start > known {
            explain(kind, looks, blanks, (known, start.min(until)), &mut found);
        }
        known = known.max(end);
    }
    found
}

/// Cuts an uncovered span where its reason changes.
fn explain(kind: &str, looks: &[&Look], blanks: &[&Blank], (from, until): (Timestamp, Timestamp), found: &mut Vec<Gap>) {
    let inside = |at: &Timestamp| from < *at && *at < until;
    let mut cuts: Vec<Timestamp> = looks.iter().flat_map(|look| [look.from, look.until]).filter(inside).collect();
    cuts.extend(blanks.iter().flat_map(|blank| [blank.from, blank.until]).filter(inside));
    cuts.extend([from, until]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut spans: Vec<Gap> = Vec::new();
    for pair in cuts.windows(2) {
        let reason = reason(looks, blanks, pair[0]);
        match spans.last_mut() {
            Some(last) if last.reason == reason => last.until = pair[1],
            Some(_) | None => spans.push(Gap { kind: kind.to_owned(), from: pair[0], until: pair[1], reason }),
        }
    }
    found.append(&mut spans);
}

/// Why nobody knows at an instant: the last look that failed and whose answer would have stood, else the most particular blank.
fn reason(looks: &[&Look], blanks: &[&Blank], at: Timestamp) -> GapReason {
    let failed = looks.iter().rev().find(|look| look.from <= at && at < look.until);
    if let Some(Looked::Failed { action, cause }) = failed.map(|look| &look.outcome) {
        return GapReason::ListFailed { action: action.clone(), cause: cause.clone() };
    }
    let blank = blanks.iter().filter(|blank| blank.from <= at && at < blank.until).max_by_key(|blank| blank.scope.is_some());
    blank.map_or(GapReason::NobodyLooked, |blank| GapReason::from(&blank.reason))
}

/// The gaps of many controls in a scope, each list's once: what the assessment log says.
pub fn merged(coverage: &[Coverage]) -> BTreeMap<Scope, Vec<Gap>> {
    let mut by_scope: BTreeMap<Scope, Vec<Gap>> = BTreeMap::new();
    for one in coverage.iter().filter(|one| !one.is_whole()) {
        by_scope.entry(one.scope.clone()).or_default().extend(one.gaps.iter().cloned());
    }
    for gaps in by_scope.values_mut() {
        gaps.sort();
        gaps.dedup();
    }
    by_scope
}
