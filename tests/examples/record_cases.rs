//! Puts recorded documents beside the checks: for each check one that passes, one that fails and one that is unknown, out of the seeded
//! emulators. An unknown is recorded with one read of the check denied. What no emulator can be brought to is told, to be done by hand.
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
                None if word != "na" => println!("{}: no {word}", check.id()),
                None => {}
            }
        }
    }
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
