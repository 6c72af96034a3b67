//! The deny sweep: each call that some kind makes is broken in every way, one at a time. Exactly the checks that depend on it may turn
//! unknown, and name it; all other verdicts are as before; no verdict improves. Generated from the kinds, so a new kind joins by existing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::Plan;
use inventory::{Dependency, Kind};
use jiff::Timestamp;
use tests::content;
use tests::fault::{FAULTS, Fault};
use tests::parts::{ACCOUNTS, Emulator};
use tests::proxy::Proxy;
use tests::run::{self, Verdicts};

const TEST: &str = "a_broken_call_makes_its_dependents_unknown_and_nothing_else";

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_call_makes_its_dependents_unknown_and_nothing_else() {
    let (name, account) = ACCOUNTS[0];
    let Some(emulator) = Emulator::moto(account, TEST) else { return };
    emulator.seed(name, TEST);
    let proxy = Proxy::before(&emulator.endpoint).await;
    proxy.answer_for("ec2:GetSnapshotBlockPublicAccessState", tests::proxy::SNAPSHOTS_BLOCKED);
    proxy.answer_for("cloudtrail:LookupEvents", r#"{"Events":[]}"#);
    let now = Timestamp::now();
    let plan = content::plan(&|_| true);
    // The first run fills the proxy's memory at the emulator's own pace; patience is for the second.
    let slow = provider_aws::Options::emulator(&proxy.endpoint, run::REGIONS[0]);
    let warm = provider_aws::Aws::connect(slow, run::REGIONS.map(str::to_owned).to_vec()).await.expect("moto knows who we are");
    run::assess(&plan, Arc::new(warm), now).await;
    proxy.break_call(None);
    let before = run::verdicts(&plan, &run::assess(&plan, Arc::new(run::connect(&proxy.endpoint).await), now).await);
    let called = proxy.calls();
    let calls = dependent_checks(&plan);
    let mut unshaken = Vec::new();
    for (call, dependents) in calls.iter().filter(|(call, _)| called.contains_key(*call)) {
        for fault in FAULTS {
            proxy.break_call(Some((call.clone(), fault)));
            let after = run::verdicts(&plan, &run::assess(&plan, Arc::new(run::connect(&proxy.endpoint).await), now).await);
            let shaken = compare(call, fault, dependents, &before, &after);
            if !shaken && fault == Fault::Denied {
                unshaken.push(call.as_str());
            }
        }
    }
    // Denials of these change no verdict here: tags that no check of these kinds asks for, evidence that decides nothing, and the
    // virtual devices of a root user who has no MFA at all, which decides already.
    let idle =
        ["iam:ListRoleTags", "iam:ListUserTags", "iam:ListVirtualMFADevices", "kms:ListResourceTags", "organizations:DescribeOrganization"];
    assert_eq!(unshaken, idle);
    let uncalled: Vec<&String> = calls.keys().filter(|call| !called.contains_key(*call)).collect();
    assert_eq!(uncalled, ["ec2:DescribeRegions"], "declared and never called: the regions were named");
}

/// Each call with the permission that it needs, and the checks that look at what it says.
type Dependents = BTreeMap<String, (String, BTreeSet<String>)>;

fn dependent_checks(plan: &Plan) -> Dependents {
    let mut found = Dependents::new();
    for kind in provider_aws::kinds().iter().filter(|kind| !plan.checks_of(&kind.id).is_empty()) {
        for dependency in &kind.dependencies {
            let dependents = dependents_of(plan, kind, dependency);
            let is_asked_for = dependency.lists || !dependents.is_empty() || dependency.fields.contains("tags");
            if is_asked_for {
                let entry = found.entry(dependency.call.clone()).or_insert_with(|| (dependency.action.clone(), BTreeSet::new()));
                entry.1.extend(dependents);
            }
        }
    }
    found
}

fn dependents_of(plan: &Plan, kind: &Kind, dependency: &Dependency) -> BTreeSet<String> {
    let own = plan.checks_of(&kind.id).iter().map(|&check| &plan.checks()[check]);
    let depends = |check: &&checks::Check| dependency.lists || !check.fields().is_disjoint(&dependency.fields);
    own.filter(depends).map(|check| check.id().to_string()).collect()
}

/// Whether anything changed. Whatever changed is unknown, names the action, and belongs to a dependent check.
fn compare(call: &str, fault: Fault, (action, dependents): &(String, BTreeSet<String>), before: &Verdicts, after: &Verdicts) -> bool {
    let context = |key: &str| format!("{call} {fault:?}: {key}: {:?} → {:?}", before.get(key), after.get(key));
    let blind = |check: &str| after.keys().any(|key| key.starts_with(&format!("{check} scope/")));
    let mut shaken = false;
    for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        if before.get(key) == after.get(key) {
            continue;
        }
        shaken = true;
        let check = key.split(' ').next().unwrap_or_default();
        assert!(dependents.contains(check), "not a dependent: {}", context(key));
        match after.get(key) {
            Some((verdict, actions)) => {
                assert_eq!(verdict, "unknown", "not unknown: {}", context(key));
                assert!(actions.contains(action), "does not name {action}: {}", context(key));
            }
            // The resource was not listed; then the scope is unknown to the check.
            None => assert!(blind(check), "dropped: {}", context(key)),
        }
    }
    shaken
}
