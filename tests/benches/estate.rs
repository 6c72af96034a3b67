//! 100,000 recorded resources to results and HTML, by the program itself: seconds, peak memory, bytes. Prints ratios to the limits of
//! the project; judges nothing. Needs `cargo build --release` first.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use inventory::snapshot::SnapshotWriter;
use inventory::{Item, Provider, Snapshot};
use tests::parts::root;

/// How many resources the estate has.
const RESOURCES: u64 = 100_000;

fn main() {
    let program = root().join("target/release/assize");
    if !program.is_file() {
        return println!("no {}: cargo build --release", program.display());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let recording = folder.path().join("recording");
    let count = enlarge(&root().join("tests/estate/111122223333"), &recording);
    let began = Instant::now();
    let mut run = Command::new(program);
    run.args(["assess", "--snapshot"])
        .arg(&recording)
        .arg("--ledger")
        .arg(folder.path().join("l.sqlite"))
        .arg("--output")
        .arg(folder.path().join("out"));
    let mut child = run.current_dir(root()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        peak = peak.max(std::fs::read_to_string(&status).ok().and_then(|text| high_water(&text)).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    let seconds = began.elapsed().as_secs_f64();
    let size = |name: &str| std::fs::metadata(folder.path().join("out").join(name)).map_or(0, |file| file.len());
    let verdicts = std::fs::read_to_string(folder.path().join("out/verdicts.jsonl")).map_or(0, |lines| lines.lines().count());
    let results = size("assessment-results.json") as f64 / 1e6;
    println!("{count} resources, {verdicts} verdicts");
    println!("seconds              {seconds:>8.1}   {:.2} of 30", seconds / 30.0);
    println!("peak memory, MB      {:>8.0}   {:.2} of 300", peak as f64 / 1e3, peak as f64 / 3e5);
    println!("results, MB          {results:>8.1}   {:.2} of 10 MB per 67,000 verdicts", results / (verdicts as f64 / 67_000.0) / 10.0);
    println!("HTML, MB             {:>8.1}", size("report.html") as f64 / 1e6);
}

/// The peak resident set in kB.
fn high_water(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().split(' ').next()?.parse().ok()
}

/// Puts the new name wherever the document has the old one, so that no two documents and messages are the same.
fn rename(value: &mut serde_json::Value, from: &str, to: &str) {
    match value {
        serde_json::Value::String(text) if text.contains(from) => *text = text.replace(from, to),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        serde_json::Value::Object(members) => members.iter_mut().for_each(|(_, member)| rename(member, from, to)),
        serde_json::Value::String(_) | serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

/// The recorded account again and again, each time under other names, until it is large enough.
fn enlarge(from: &Path, to: &Path) -> u64 {
    let snapshot = Snapshot::open(from, provider_aws::kinds()).expect("the estate is there");
    let wants: Vec<_> =
        provider_aws::kinds().iter().map(|kind| inventory::Want { kind: kind.id.clone(), fields: inventory::Fields::All }).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let items: Vec<Item> = runtime.block_on(async {
        let (sink, mut out) = tokio::sync::mpsc::channel(100_000);
        snapshot.collect(&wants, sink).await.expect("the estate is whole");
        let mut items = Vec::new();
        while let Some(item) = out.recv().await {
            items.push(item.opened().expect("it was recorded whole"));
        }
        items
    });
    let many = |item: &&Item| matches!(item, Item::Resource(resource) if resource.kind.as_str() != "aws.account" && resource.kind.as_str() != "aws.ec2.region");
    let copies = RESOURCES / items.iter().filter(many).count() as u64 + 1;
    let mut writer = SnapshotWriter::create(to, snapshot.manifest().scope.clone(), snapshot.manifest().started).expect("a folder");
    let mut written = 0;
    for item in &items {
        match item {
            Item::Resource(resource) if many(&item) => {
                for copy in 0..copies {
                    let mut resource = resource.clone();
                    rename(&mut resource.document, &resource.name, &format!("{}-{copy}", resource.name));
                    resource.id = format!("{}-{copy}", resource.id);
                    resource.name = format!("{}-{copy}", resource.name);
                    writer.push(&Item::Resource(resource)).expect("it can be written");
                    written += 1;
                }
            }
            Item::Listed { kind, scope, count } if kind.as_str() != "aws.account" && kind.as_str() != "aws.ec2.region" => {
                writer.push(&Item::Listed { kind: kind.clone(), scope: scope.clone(), count: count * copies }).expect("it can be written");
            }
            other @ (Item::Resource(_) | Item::Recorded(_) | Item::Listed { .. } | Item::Gap { .. }) => {
                writer.push(other).expect("it can be written")
            }
        }
    }
    writer.finish(snapshot.manifest().finished).expect("it can be written");
    written
}
