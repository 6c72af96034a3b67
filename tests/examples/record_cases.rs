//! Puts recorded documents beside the checks: for each check one that passes, one that fails and one that is unknown, out of the seeded
//! emulators. An unknown is recorded with one read of the check denied; where the deciding field comes with the list itself, a recorded
//! document is marked as unread there. What no emulator can be brought to is a recorded document with one value changed ([`EDITS`]).
//!
//! `cargo run -p tests --example record_cases`

use std::collections::BTreeMap;
use std::sync::Arc;

use checks::{JudgeInput, Verdict};
use engine::Plan;
use inventory::{Fields, Item, Provider, Resource, Want};
use tests::content;
use tests::fault::Fault;
use tests::parts::{ACCOUNTS, Emulator, root};
use tests::proxy::{NO_CONSOLE, Proxy, SNAPSHOTS_BLOCKED, SNAPSHOTS_UNBLOCKED};
use tests::run;

/// States that no emulator gets into: check, what it becomes, and the value that makes it so.
const EDITS: &[(&str, &str, &str, &str)] = &[
    ("dat-06/aws/s3-bucket-deletion-needs-mfa", "pass", "/Versioning", r#"{"Status":"Enabled","MFADelete":"Enabled"}"#),
    ("idm-01/aws/root-has-no-access-keys", "fail", "/AccountSummary/AccountAccessKeysPresent", "1"),
    ("idm-02/aws/root-uses-mfa", "pass", "/AccountSummary/AccountMFAEnabled", "1"),
    ("idm-03/aws/root-mfa-is-hardware", "pass", "/AccountSummary/AccountMFAEnabled", "1"),
    (
        "idm-07/aws/access-keys-are-rotated",
        "fail",
        "/AccessKeys",
        r#"[{"UserName":"deploy-bot","AccessKeyId":"AKIAIOSFODNN7EXAMPLE","Status":"Active","CreateDate":"2026-01-05T08:00:00Z"}]"#,
    ),
];

#[tokio::main]
async fn main() {
    let plan = content::plan(&|_| true);
    let mut found: BTreeMap<(usize, &'static str), Resource> = BTreeMap::new();
    for (name, account) in ACCOUNTS {
        let emulator = Emulator::moto(account, "record_cases").expect("moto is installed");
        emulator.seed(name, "record_cases");
        let proxy = Proxy::before(&emulator.endpoint).await;
        proxy.answer_for("ec2:GetSnapshotBlockPublicAccessState", if name == "prod" { SNAPSHOTS_BLOCKED } else { SNAPSHOTS_UNBLOCKED });
        proxy.answer_for("ec2:GetSerialConsoleAccessStatus", NO_CONSOLE);
        let slow = provider_aws::Options::emulator(&proxy.endpoint, run::REGIONS[0]);
        let provider = provider_aws::Aws::connect(slow, run::REGIONS.map(str::to_owned).to_vec()).await.expect("moto knows who we are");
        gather(&plan, &collect(provider, &plan).await, &mut found);
        for call in calls(&plan) {
            proxy.break_call(Some((call, Fault::Denied)));
            gather(&plan, &collect(run::connect(&proxy.endpoint).await, &plan).await, &mut found);
        }
    }
    for (at, check) in plan.checks().iter().enumerate() {
        let folder = checks::cases::folder_of(&root().join("controls"), check);
        for word in ["pass", "fail", "unknown", "na"] {
            match found.get(&(at, word)) {
                Some(resource) => write(&folder.join(format!("{word}-recorded.json")), resource),
                None if word == "na" => {}
                None => match changed(&plan, at, word, &found) {
                    Some(resource) => write(&folder.join(format!("{word}-changed.json")), &resource),
                    None => println!("{}: no {word}", check.id()),
                },
            }
        }
    }
}

/// A recorded document with the one value changed that makes it what is missing.
fn changed(plan: &Plan, at: usize, word: &str, found: &BTreeMap<(usize, &'static str), Resource>) -> Option<Resource> {
    let check = &plan.checks()[at];
    if word == "unknown" {
        let resource = found.get(&(at, "fail")).or(found.get(&(at, "pass")))?;
        let kind = provider_aws::kinds().iter().find(|kind| kind.id == resource.kind)?;
        let list = kind.dependencies.iter().rfind(|dependency| dependency.lists)?;
        let params = &plan.control_of(at).params;
        return check.fields().iter().filter(|field| *field != "tags").find_map(|field| {
            let mut resource = resource.clone();
            resource.document[field] = inventory::Gap::new(&list.action, "AccessDenied").to_document();
            let verdict = check.judge(&JudgeInput { resource: &resource, params, now: resource.collected }).verdict;
            matches!(verdict, Verdict::Unknown(_)).then_some(resource)
        });
    }
    let (_, _, pointer, value) = EDITS.iter().find(|(id, becomes, ..)| *id == check.id().as_str() && *becomes == word)?;
    let others =
        found.iter().filter(|((check, known), _)| *check == at && *known != "unknown" && *known != "na").map(|(_, resource)| resource);
    others.cloned().find_map(|mut resource| {
        *resource.document.pointer_mut(pointer)? = serde_json::from_str(value).expect("it is JSON");
        Some(resource)
    })
}

/// Only the fields that the checks look at: a case shows what decides.
async fn collect(provider: provider_aws::Aws, plan: &Plan) -> Vec<Resource> {
    let wants: Vec<Want> = plan.wants("aws").into_iter().map(|want| Want { fields: Fields::All, ..want }).collect();
    let (sink, mut items) = tokio::sync::mpsc::channel(64);
    let reading = tokio::spawn(async move { Arc::new(provider).collect(&wants, sink).await });
    let mut resources = Vec::new();
    while let Some(item) = items.recv().await {
        if let Item::Resource(resource) = item {
            resources.push(resource);
        }
    }
    reading.await.expect("it reads").expect("it can");
    resources.sort_by(|a, b| a.id.cmp(&b.id));
    resources
}

fn calls(plan: &Plan) -> Vec<String> {
    let judged = provider_aws::kinds().iter().filter(|kind| !plan.checks_of(&kind.id).is_empty());
    let details = judged.flat_map(|kind| &kind.dependencies).filter(|dependency| !dependency.lists);
    let mut calls: Vec<String> = details.map(|dependency| dependency.call.clone()).collect();
    calls.sort();
    calls.dedup();
    calls
}

fn gather(plan: &Plan, resources: &[Resource], found: &mut BTreeMap<(usize, &'static str), Resource>) {
    for resource in resources {
        for &check in plan.checks_of(&resource.kind) {
            let params = &plan.control_of(check).params;
            let word = match plan.checks()[check].judge(&JudgeInput { resource, params, now: resource.collected }).verdict {
                Verdict::Pass => "pass",
                Verdict::Fail { .. } => "fail",
                Verdict::Unknown(_) => "unknown",
                Verdict::NotApplicable { .. } => "na",
            };
            found.entry((check, word)).or_insert_with(|| resource.clone());
        }
    }
}

fn write(path: &std::path::Path, resource: &Resource) {
    let mut text = serde_json::to_string_pretty(resource).expect("a resource is plain JSON");
    text.push('\n');
    std::fs::write(path, text).expect("the folder is there");
}
