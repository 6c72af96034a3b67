//! Check evaluations per second on one core, over a document of 2-3 KB: ours on the borrowed document, and the `cel` crate's own way,
//! which converts it first. Prints the ratio; judges nothing.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use checks::{JudgeInput, Pack, SourceFile};
use inventory::{Kind, Reach, Read, Resource, Scope, Shape};
use serde_json::{Value, json};

const RULES: [&str; 10] = [
    "resource.Encryption.Rules.exists(r, r.SSEAlgorithm == 'aws:kms')",
    "resource.Block.BlockPublicAcls && resource.Block.IgnorePublicAcls && resource.Block.BlockPublicPolicy && resource.Block.RestrictPublicBuckets",
    "resource.Versioning.Status == 'Enabled'",
    "resource.Lock.Days >= 30",
    "resource.Statements.exists(s, s.Effect == 'Deny' && s.Conditions.exists(c, c.Key == 'aws:securetransport' && 'false' in c.Values))",
    "!resource.Statements.exists(s, s.Effect == 'Allow' && '*' in s.Principals)",
    "resource.Logging.TargetBucket != resource.Name",
    "resource.Region in ['eu-central-1', 'eu-west-1']",
    "resource.Tags.exists(t, t.Key == 'owner') && resource.Tags.exists(t, t.Key == 'data-class')",
    "!resource.Acl.Grants.exists(g, g.URI.endsWith('/global/AllUsers'))",
];

fn document() -> Value {
    let statement = |number: usize, effect: &str| {
        json!({ "Sid": format!("statement-{number}"), "Effect": effect, "Principals": ["arn:aws:iam::111122223333:role/app"], "Actions": ["s3:GetObject", "s3:PutObject"],
                "Resources": ["arn:aws:s3:::prod-logs", "arn:aws:s3:::prod-logs/*"], "Conditions": [{ "Operator": "Bool", "Key": "aws:securetransport", "Values": ["false"] }] })
    };
    let tags = ["a", "b", "c", "d", "e", "f", "data-class", "owner"].map(|key| json!({ "Key": key, "Value": "x" }));
    json!({
        "Name": "prod-logs", "Region": "eu-central-1", "Encryption": { "Rules": [{ "SSEAlgorithm": "aws:kms", "Key": "arn:aws:kms:eu-central-1:111122223333:key/1" }] },
        "Block": { "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true },
        "Versioning": { "Status": "Enabled" }, "Lock": { "Days": 365 }, "Logging": { "TargetBucket": "audit-logs" },
        "Statements": (0..5).map(|number| statement(number, if number == 4 { "Deny" } else { "Allow" })).collect::<Vec<_>>(),
        "Tags": tags,
        "Acl": { "Grants": [{ "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery" }, { "URI": "none" }] },
    })
}

fn main() {
    let document = document();
    let resource = Resource {
        kind: "toy.bucket".parse().unwrap(),
        id: "b".into(),
        name: "b".into(),
        scope: Scope::account("toy", "1"),
        tags: Read::Known(BTreeMap::new()),
        collected: "2026-11-23T00:00:00Z".parse().unwrap(),
        document: document.clone(),
    };
    let kind = Kind {
        id: resource.kind.clone(),
        title: "bucket".into(),
        reach: Reach::Global,
        singleton: false,
        shape: Shape::Any,
        dependencies: Vec::new(),
    };
    let file = |(number, rule): (usize, &&str)| SourceFile {
        path: format!("c-1/toy/rule-{number}/check.toml"),
        name: "check.toml".into(),
        text: format!("title='t'\nkind='toy.bucket'\nseverity='low'\npass='''{rule}'''\nmessage='m'\nwhy='w'\nfix='f'\nevidence=[]\n"),
    };
    let files: Vec<SourceFile> = RULES.iter().enumerate().map(file).collect();
    let pack = Pack::load(&files, &[kind], &|_| Some(BTreeMap::new())).unwrap_or_else(|problems| panic!("{problems:?}"));
    let params = json!({});
    let ours = rate(|| {
        let input = JudgeInput { resource: &resource, params: &params, now: resource.collected };
        pack.checks().iter().for_each(|check| drop(std::hint::black_box(check.judge(&input))));
    });
    let programs: Vec<cel::Program> = RULES.iter().map(|rule| cel::Program::compile(rule).unwrap()).collect();
    let theirs = rate(|| {
        let mut context = cel::Context::default();
        context.add_variable("resource", cel::to_value(&document).unwrap()).unwrap();
        programs.iter().for_each(|program| drop(std::hint::black_box(program.execute(&context))));
    });
    println!("document of {} bytes, {} rules, one core", document.to_string().len(), RULES.len());
    println!("ours, borrowed:            {ours:>12.0} evaluations/s");
    println!("cel crate, converted:      {theirs:>12.0} evaluations/s");
    println!("ratio ours / crate:        {:>12.1}", ours / theirs);
    println!("ratio ours / 200,000:      {:>12.1}", ours / 200_000.0);
}

/// Rounds of all rules for a second, as evaluations per second.
fn rate(mut round: impl FnMut()) -> f64 {
    let (start, mut rounds) = (Instant::now(), 0u32);
    while start.elapsed() < Duration::from_secs(1) {
        (0..100).for_each(|_| round());
        rounds += 100;
    }
    f64::from(rounds) * RULES.len() as f64 / start.elapsed().as_secs_f64()
}
