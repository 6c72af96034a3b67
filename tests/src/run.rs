//! One assessment in this process: live against an endpoint, or of a recording, down to verdicts that can be compared.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use checks::Verdict;
use engine::{Evaluator, Exemptions, Place, Plan, Seen};
use inventory::{Item, Provider};
use jiff::Timestamp;
use provider_aws::{Aws, Options};

/// The regions that the seed uses.
pub const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];

/// Signs in to an emulator that may be broken: little patience, few attempts.
///
/// # Panics
/// If even the identity cannot be asked.
pub async fn connect(endpoint: &str) -> Aws {
    let patience = Duration::from_millis(600);
    let options = Options {
        attempts: 2,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(2),
        read_timeout: patience,
        attempt_timeout: patience,
        total_timeout: 3 * patience,
        concurrency: 32,
        ..Options::emulator(endpoint, REGIONS[0])
    };
    Aws::connect(options, REGIONS.map(str::to_owned).to_vec()).await.expect("the emulator knows who we are")
}

/// Assesses what a provider reads.
///
/// # Panics
/// If the provider contradicts itself.
pub async fn assess(plan: &Plan, provider: Arc<dyn Provider>, now: Timestamp) -> Seen {
    let exemptions = Exemptions::new(Vec::new());
    let wants = plan.wants(provider.name());
    let evaluator = Evaluator::new(plan, &exemptions, now);
    engine::collect(&[(provider, wants)], evaluator, &mut |_: &Item| {}, &mut |_, _| {}).await.expect("a run")
}

/// `<check> <resource, or scope/…>` to verdict and the actions that it lacks.
pub type Verdicts = BTreeMap<String, (String, Vec<String>)>;

/// The verdicts of a run, comparable with others and with the truth.
pub fn verdicts(plan: &Plan, seen: &Seen) -> Verdicts {
    let one = |outcome: &engine::Outcome| {
        let check = plan.checks()[outcome.check as usize].id();
        let place = match outcome.place {
            Place::Subject(at) => seen.subjects[at as usize].id.to_string(),
            Place::Scope(at) => format!("scope/{}", seen.scopes[at as usize]),
        };
        let verdict = match &outcome.verdict {
            Verdict::Pass => ("pass".to_owned(), Vec::new()),
            Verdict::Fail { .. } => ("fail".to_owned(), Vec::new()),
            Verdict::NotApplicable { .. } => ("not-applicable".to_owned(), Vec::new()),
            Verdict::Unknown(gaps) => ("unknown".to_owned(), gaps.iter().map(|gap| gap.action.clone()).collect()),
        };
        (format!("{check} {place}"), verdict)
    };
    seen.outcomes.iter().map(one).collect()
}
