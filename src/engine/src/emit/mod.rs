//! Writes what was assessed as OSCAL: an assessment plan and assessment results. `docs/oscal-output.md` is the contract.

pub(crate) mod deviation;
mod finding;
mod framework;
mod log;
mod observation;
mod plan;
pub(crate) mod results;
pub(crate) mod risk;
mod said;
pub(crate) mod words;

use std::collections::BTreeMap;

use inventory::Scope;
use jiff::Timestamp;
use oscal::{AssessmentPlan, AssessmentResults};
use uuid::Uuid;

use crate::coverage::Gap;
use crate::finding::Deadlines;
use crate::framework::Judged;
use crate::{Assessed, Exemptions, Plan, Seen};

pub use words::{FEDRAMP_NS, NS};

/// Where an emission stands in time and who makes it: everything that is not in the plan or in what was seen.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The run's own id, version 4. The ids that are fresh in every run derive from it and nothing else does.
    pub run: Uuid,
    /// When the run started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// How long its observations stand.
    pub valid_for: jiff::SignedDuration,
    /// The plan of somebody else that the run follows.
    pub follows: Option<oscal::UriReference>,
    /// After which period the run's tasks are due again, where that plan says so.
    pub timing: Option<oscal::Timing>,
    /// The program's version.
    pub version: String,
    /// What the profile calls itself.
    pub profile: String,
    /// The organisation that is assessed.
    pub organization: String,
    /// Digest of the checks.
    pub checks_digest: String,
    /// Since when a control has been failing in an account, where that is known from earlier runs: by control and account.
    pub failing_since: BTreeMap<(String, String), Timestamp>,
    /// How long a failure may stand.
    pub deadlines: Deadlines,
    /// The time of a schedule that the run came of, where it came of one.
    pub tick: Option<Tick>,
    /// What nobody looked at since the run before: see [`crate::coverage`].
    pub unseen: BTreeMap<Scope, Vec<Gap>>,
}

/// The time of a schedule that a run came of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The schedule's name.
    pub schedule: String,
    /// The time that had come.
    pub due: Timestamp,
    /// The task of an assessment plan that the schedule is written as.
    pub task: oscal::Uuid,
}

/// The documents of one run.
#[derive(Clone, Debug)]
pub struct Emission {
    /// What was to be done.
    pub plan: AssessmentPlan,
    /// What came of it.
    pub results: AssessmentResults,
    /// For each account (`aws-111122223333`) the list of documents that were judged: `<sha256>  <kind>  <id>` lines.
    pub evidence: BTreeMap<String, String>,
}

/// Everything that the parts of an emission look at.
struct Context<'a> {
    plan: &'a Plan,
    seen: &'a Seen,
    assessed: &'a Assessed,
    exemptions: &'a Exemptions,
    frameworks: &'a [Judged],
    frame: &'a Frame,
}

/// The documents that say what was assessed, and what that means for each of the frameworks.
pub fn emit(plan: &Plan, seen: &Seen, assessed: &Assessed, exemptions: &Exemptions, frameworks: &[Judged], frame: &Frame) -> Emission {
    let context = Context { plan, seen, assessed, exemptions, frameworks, frame };
    let evidence = results::evidence_lists(&context);
    let results = results::results(&context, &evidence);
    Emission { plan: plan::plan(&context), results, evidence }
}

impl Context<'_> {
    /// Provider and account of everything that was looked at, in order.
    fn accounts(&self) -> Vec<(&str, &str)> {
        let mut accounts: Vec<_> = self.seen.scopes.iter().map(|scope| (scope.provider.as_str(), scope.account.as_str())).collect();
        accounts.dedup();
        accounts
    }
}
