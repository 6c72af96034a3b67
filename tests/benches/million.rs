//! A million recorded resources and thirty checks: all judged once, then again with one in a hundred changed, then again by somebody who
//! was just started. Seconds and peak memory, with ratios to the limits of the project; judges nothing.
//!
//! `cargo bench -p tests --bench million`, or `… -- 100000` for fewer. What is told goes to a [`Store`]; the one here only writes the
//! records to a file, so what it leaves of the limits is what a ledger may use.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use checks::{Pack, SourceFile};
use engine::incremental::{Change, Judge, Known, Looked, Pass, Roll, Standing};
use engine::{Control, Exemptions, Plan, Target};
use inventory::snapshot::SnapshotWriter;
use inventory::{Item, Kind, Provider, Reach, Read, Resource, Scope, Shape, Snapshot, Want};
use serde_json::{Value, json};

/// How many resources there are where nothing else is said.
const RESOURCES: u64 = 1_000_000;

/// How many accounts they lie in.
const ACCOUNTS: u64 = 20;

/// One in so many is another the second time.
const CHANGED: u64 = 100;

/// Ten conditions as the shipped checks have them; each stands under three controls.
const RULES: [&str; 10] = [
    "resource.Encryption.Rules.exists(r, r.SSEAlgorithm == 'aws:kms')",
    "resource.Block.BlockPublicAcls && resource.Block.IgnorePublicAcls && resource.Block.BlockPublicPolicy && resource.Block.RestrictPublicBuckets",
    "resource.Versioning.Status == 'Enabled'",
    "resource.Lock.Days >= 30",
    "resource.Statements.exists(s, s.Effect == 'Deny' && s.Conditions.exists(c, c.Key == 'aws:securetransport' && 'false' in c.Values))",
    "!resource.Statements.exists(s, s.Effect == 'Allow' && '*' in s.Principals)",
    "!older_than(resource.Rotated, 'P400D')",
    "resource.Region in ['eu-central-1', 'eu-west-1']",
    "has(tags.owner)",
    "!resource.Acl.Grants.exists(g, g.URI.endsWith('/global/AllUsers'))",
];

/// Where what a pass tells is kept.
trait Store {
    /// Takes note of a change; returns the number of a resource that had none.
    fn write(&mut self, change: &Change) -> Option<u64>;
    /// Puts everything that is known on the roll, as after a start.
    fn load(&mut self, roll: &mut Roll);
}

/// Every record as a line of a file.
struct File {
    path: std::path::PathBuf,
    file: std::io::BufWriter<std::fs::File>,
    rows: u64,
    bytes: u64,
}

impl Store for File {
    fn write(&mut self, change: &Change) -> Option<u64> {
        let Change::Judged(judged) = change else { return None };
        let row = judged.before.unwrap_or(self.rows + 1);
        self.rows = self.rows.max(row);
        let line = serde_json::to_vec(&(row, &judged.standing)).expect("a standing is plain JSON");
        self.bytes += line.len() as u64 + 1;
        self.file.write_all(&line).and_then(|()| self.file.write_all(b"\n")).expect("it can be written");
        judged.before.is_none().then_some(row)
    }

    fn load(&mut self, roll: &mut Roll) {
        self.file.flush().expect("it can be written");
        let file = std::io::BufReader::new(std::fs::File::open(&self.path).expect("it was written"));
        for line in std::io::BufRead::lines(file) {
            let (row, standing): (u64, Standing) = serde_json::from_str(&line.expect("it was written")).expect("a standing");
            roll.put(Known::of(&standing, row));
        }
    }
}

fn main() {
    let resources = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(RESOURCES);
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    record(&first, resources, 0);
    record(&second, resources, 1);
    let (plan, exemptions) = (plan(), Exemptions::new(Vec::new()));
    let path = folder.path().join("records");
    let file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    let mut store = File { path, file, rows: 0, bytes: 0 };
    println!("{resources} resources, {} checks", plan.checks().len());
    let of_million = resources as f64 / 1e6;

    let roll = Roll::with_room(resources as usize);
    let (roll, seconds, judged) = timed(&plan, &exemptions, &first, roll, &mut store);
    println!("cold, seconds        {seconds:>8.1}   {:.2} of 180   {judged} judged", seconds / of_million / 180.0);
    println!("records, MB          {:>8.0}", store.bytes as f64 / 1e6);
    let (roll, seconds, judged) = timed(&plan, &exemptions, &second, roll, &mut store);
    println!("warm, seconds        {seconds:>8.1}   {:.2} of 20    {judged} judged", seconds / of_million / 20.0);
    drop(roll);
    let began = Instant::now();
    let mut roll = Roll::with_room(resources as usize);
    store.load(&mut roll);
    println!("load, seconds        {:>8.1}", began.elapsed().as_secs_f64());
    let (_, seconds, judged) = timed(&plan, &exemptions, &second, roll, &mut store);
    println!("just started, seconds{seconds:>8.1}   {:.2} of 20    {judged} judged", seconds / of_million / 20.0);
    let peak = std::fs::read_to_string("/proc/self/status").ok().and_then(|text| high_water(&text)).unwrap_or(0) as f64;
    println!("peak memory, MB      {:>8.0}   {:.2} of 1024", peak / 1024.0, peak / 1024.0 / 1024.0);
}

/// A pass over a recording: the roll after it, the seconds, and how many were judged.
fn timed(plan: &Plan, exemptions: &Exemptions, recording: &Path, roll: Roll, store: &mut (dyn Store + Send)) -> (Roll, f64, u64) {
    let began = Instant::now();
    let now = "2026-11-23T12:00:00Z".parse().expect("an instant");
    let snapshots = Snapshot::open_all(recording, &[kind()]).expect("it was recorded");
    let jobs: Vec<(Arc<dyn Provider>, Vec<Want>)> =
        snapshots.into_iter().map(|snapshot| (Arc::new(snapshot) as Arc<dyn Provider>, plan.wants("toy"))).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let mut pass = Pass::new(Judge::new(plan, exemptions, now), roll);
    let (mut judged, mut numbers) = (0, Vec::new());
    let sink = std::sync::Mutex::new(store);
    let mut tell = |change: Change| {
        judged += u64::from(matches!(change, Change::Judged(_)));
        if let (Some(row), Change::Judged(it)) = (sink.lock().expect("one thread writes").write(&change), &change) {
            numbers.push((it.subject, row));
        }
    };
    runtime.block_on(engine::look(&jobs, &mut pass, &mut |_| {}, &mut tell)).expect("the recording is whole");
    let (mut roll, looked) = pass.finish();
    let looked: Looked = looked.expect("the recording adds up");
    assert_eq!(looked.tally.planned(), roll.len() as u64 * plan.checks().len() as u64);
    numbers.into_iter().for_each(|(subject, row)| roll.number(subject, row));
    (roll, began.elapsed().as_secs_f64(), judged)
}

/// The peak resident set in kB.
fn high_water(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().split(' ').next()?.parse().ok()
}

fn kind() -> Kind {
    let id = "toy.bucket".parse().expect("a kind");
    Kind { id, title: "bucket".into(), reach: Reach::Global, singleton: false, shape: Shape::Any, dependencies: Vec::new() }
}

fn plan() -> Plan {
    let controls = ["toy-01", "toy-02", "toy-03"];
    let file = |control: &str, number: usize, rule: &str| SourceFile {
        path: format!("{control}/toy/rule-{number}/check.toml"),
        name: "check.toml".into(),
        text: format!(
            "title='t'\nkind='toy.bucket'\nseverity='low'\npass='''{rule}'''\nmessage='bucket {{{{ resource.Name }}}} is not as it should be'\nwhy='w'\nfix='f'\nevidence=['resource.Region']\n"
        ),
    };
    let files: Vec<SourceFile> =
        controls.iter().flat_map(|control| RULES.iter().enumerate().map(|(number, rule)| file(control, number, rule))).collect();
    let pack = Pack::load(&files, &[kind()], &|_| Some(BTreeMap::new())).unwrap_or_else(|problems| panic!("{problems:?}"));
    let control = |id: &str| Control {
        id: id.into(),
        title: id.into(),
        statement: "s".into(),
        target: Target::Objective(format!("{id}_obj")),
        objective: "o".into(),
        params: json!({}),
    };
    Plan::new(controls.map(control).to_vec(), &pack, &BTreeSet::from(["toy".to_owned()]), &|_| true).expect("something to do")
}

/// Records every account; `edition` 1 differs from 0 in one of a hundred resources.
fn record(folder: &Path, resources: u64, edition: u64) {
    let started = "2026-11-23T06:00:00Z".parse().expect("an instant");
    let share = resources / ACCOUNTS;
    let account = |number: u64| {
        let scope = Scope::account("toy", format!("{number:012}"));
        let mut writer = SnapshotWriter::create(&folder.join(number.to_string()), scope.clone(), started).expect("a folder");
        for own in 0..share {
            let item = Item::Resource(bucket(&scope, number * share + own, edition));
            writer.push(&item).expect("it can be written");
        }
        writer.push(&Item::Listed { kind: kind().id, scope, count: share }).expect("it can be written");
        writer.finish(started).expect("it can be written");
    };
    std::thread::scope(|threads| {
        for half in 0..2 {
            threads.spawn(move || (0..ACCOUNTS).filter(|number| number % 2 == half).for_each(account));
        }
    });
}

/// About as large as the documents of the recorded estate, and one in ten fails some check.
fn bucket(scope: &Scope, number: u64, edition: u64) -> Resource {
    let name = format!("bucket-{number:07}-{:08x}", number.wrapping_mul(2_654_435_761) as u32);
    let changed = edition == 1 && number % CHANGED == 7;
    let locked = number % 10 != 3;
    let statement = |effect: &str| {
        json!({ "Sid": "s", "Effect": effect, "Principals": [format!("arn:aws:iam::{}:role/app", scope.account)], "Actions": ["s3:GetObject", "s3:PutObject"],
                "Resources": [format!("arn:aws:s3:::{name}"), format!("arn:aws:s3:::{name}/*")], "Conditions": [{ "Operator": "Bool", "Key": "aws:securetransport", "Values": ["false"] }] })
    };
    let document: Value = json!({
        "Name": name, "Region": "eu-central-1", "Rotated": "2026-03-01T00:00:00Z",
        "Encryption": { "Rules": [{ "SSEAlgorithm": "aws:kms", "Key": format!("arn:aws:kms:eu-central-1:{}:key/{number}", scope.account) }] },
        "Block": { "BlockPublicAcls": locked, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true },
        "Versioning": { "Status": if changed { "Suspended" } else { "Enabled" } }, "Lock": { "Days": 365 },
        "Statements": [statement("Allow"), statement("Deny")],
        "Acl": { "Grants": [{ "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery" }, { "URI": "none" }] },
    });
    Resource {
        kind: kind().id,
        id: format!("arn:aws:s3:::{name}"),
        name,
        scope: scope.clone(),
        tags: Read::Known(BTreeMap::from([("owner".into(), "platform".into()), ("data-class".into(), "internal".into())])),
        collected: "2026-11-23T06:00:00Z".parse().expect("an instant"),
        document,
    }
}
