//! The seeded estate over real HTTP: every verdict equals the truth table, and every row of the table is a verdict.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tests::deviations::Deviations;
use tests::parts::{ACCOUNTS, Emulator};
use tests::{content, run};

#[tokio::test(flavor = "multi_thread")]
async fn every_verdict_on_moto_equals_the_truth_table() {
    let plan = content::plan(&|_| true);
    let mut deviations = Deviations::of("moto");
    for (name, account) in ACCOUNTS {
        let test = "every_verdict_on_moto_equals_the_truth_table";
        let Some(emulator) = Emulator::moto(account, test) else { return };
        let (aws, truth) = verdicts_are_true(&plan, &emulator, name, &mut deviations, test).await;
        calls_are_those_that_the_policy_allows(&plan, &aws);
        if name == "prod" {
            access_keys_age(&plan, aws, &truth).await;
        }
    }
    assert_eq!(deviations.unmet(), [""; 0], "listed, and not so any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verdict_on_ministack_equals_the_truth_table() {
    let plan = content::plan(&|_| true);
    let mut deviations = Deviations::of("ministack");
    for (name, account) in ACCOUNTS {
        let test = "every_verdict_on_ministack_equals_the_truth_table";
        let Some(emulator) = Emulator::ministack(account, test) else { return };
        verdicts_are_true(&plan, &emulator, name, &mut deviations, test).await;
    }
    assert_eq!(deviations.unmet(), [""; 0], "listed, and not so any more");
}

/// Seeds an account and assesses it over HTTP; gives what it was read with, and the truth as this emulator shows it.
async fn verdicts_are_true(
    plan: &engine::Plan,
    emulator: &Emulator,
    account: &str,
    deviations: &mut Deviations,
    test: &str,
) -> (Arc<provider_aws::Aws>, BTreeMap<String, String>) {
    let seeded = emulator.seed(account, test);
    let truth = deviations.lay_over(&seeded);
    let options = provider_aws::Options::emulator(&emulator.endpoint, run::REGIONS[0]);
    let aws = provider_aws::Aws::connect(options, run::REGIONS.map(str::to_owned).to_vec()).await;
    let aws = Arc::new(aws.expect("the emulator knows who we are"));
    let seen = run::assess(plan, aws.clone(), Timestamp::now()).await;
    let verdicts = run::verdicts(plan, &seen);
    deviations.meet(&seeded, &verdicts);
    let said: BTreeMap<String, String> = verdicts.into_iter().map(|(key, (verdict, _))| (key, verdict)).collect();
    assert_eq!(differences(&said, &truth), [""; 0], "{account} on {}: what was said, and what is true", emulator.name);
    (aws, truth)
}

/// Every line of one table that the other has not, or has otherwise.
fn differences(said: &BTreeMap<String, String>, truth: &BTreeMap<String, String>) -> Vec<String> {
    let keys: std::collections::BTreeSet<&String> = said.keys().chain(truth.keys()).collect();
    let word = |table: &BTreeMap<String, String>, key: &String| table.get(key).cloned().unwrap_or_else(|| "nothing".into());
    keys.into_iter()
        .filter(|key| said.get(*key) != truth.get(*key))
        .map(|key| format!("{key}: said {}, is {}", word(said, key), word(truth, key)))
        .collect()
}

/// The printed policy is least: exactly the permissions of the calls that were made.
fn calls_are_those_that_the_policy_allows(plan: &engine::Plan, aws: &provider_aws::Aws) {
    let wants = plan.wants("aws").into_iter().map(|want| (want.kind, want.fields)).collect();
    let allowed = provider_aws::actions(&wants);
    let made: std::collections::BTreeSet<String> =
        aws.caller().calls().into_iter().map(|(action, _)| action).filter(|action| action != "sts:GetCallerIdentity").collect();
    // Regions were named, so nobody asked for them; some details have no resource in this account.
    let superfluous: Vec<_> = made.difference(&allowed).collect();
    assert!(superfluous.is_empty(), "called and not in the policy: {superfluous:?}");
    if aws.account() == ACCOUNTS[0].1 {
        let unused: Vec<_> = allowed.difference(&made).map(String::as_str).collect();
        assert_eq!(unused, ["ec2:DescribeRegions"], "in the policy and not called");
    }
}

/// A verdict on age comes due by itself: a hundred days later active keys are too old, and nothing else has changed.
async fn access_keys_age(plan: &engine::Plan, aws: Arc<provider_aws::Aws>, truth: &BTreeMap<String, String>) {
    let later = Timestamp::now() + SignedDuration::from_hours(24 * 100);
    let seen = run::assess(plan, aws, later).await;
    let said: BTreeMap<String, String> = run::verdicts(plan, &seen).into_iter().map(|(key, (verdict, _))| (key, verdict)).collect();
    let changed: Vec<&str> = said
        .iter()
        .filter(|(key, verdict)| truth.get(*key) != Some(verdict))
        .map(|(key, _)| key.rsplit('/').next().unwrap_or(key))
        .collect();
    assert_eq!(changed, ["deploy-bot", "old-contractor"]);
}
