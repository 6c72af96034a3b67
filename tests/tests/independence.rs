//! A verdict depends on its check and its resource: not on which other checks were selected, not on the order in which resources come,
//! not on threads.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{Evaluator, Exemptions, Place, Plan, Seen};
use inventory::{Fields, Item, Provider, Snapshot, Want};
use jiff::Timestamp;
use tests::parts::{ACCOUNTS, Emulator, root};
use tests::proxy::{NO_CONSOLE, Proxy, SNAPSHOTS_BLOCKED};
use tests::{content, run};

/// Check and place to everything that was said: the verdict with its message or gaps, and the evidence.
type Said = BTreeMap<(String, String), String>;

fn said(plan: &Plan, seen: &Seen) -> Said {
    let one = |outcome: &engine::Outcome| {
        let place = match outcome.place {
            Place::Subject(at) => seen.subjects[at as usize].id.to_string(),
            Place::Scope(at) => format!("scope/{}", seen.scopes[at as usize]),
        };
        ((plan.checks()[outcome.check as usize].id().to_string(), place), format!("{:?} {:?}", outcome.verdict, outcome.evidence))
    };
    seen.outcomes.iter().map(one).collect()
}

/// What a whole run said of the checks of a part of it.
fn of_checks(whole: &Said, plan: &Plan) -> Said {
    let chosen: Vec<&str> = plan.checks().iter().map(|check| check.id().as_str()).collect();
    whole.iter().filter(|((check, _), _)| chosen.contains(&check.as_str())).map(|(key, said)| (key.clone(), said.clone())).collect()
}

/// A sequence that looks random and is the same in every run (xorshift64, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        (1..items.len()).rev().for_each(|at| items.swap(at, self.below(at + 1)));
    }
}

/// Alone, a check makes only its own reads; so this also proves that it declares all that it needs.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_the_same_alone_in_company_and_among_any_others() {
    let test = "a_check_says_the_same_alone_in_company_and_among_any_others";
    let (name, account) = ACCOUNTS[0];
    let Some(emulator) = Emulator::moto(account, test) else { return };
    emulator.seed(name, test);
    let proxy = Proxy::before(&emulator.endpoint).await;
    proxy.answer_for("ec2:GetSnapshotBlockPublicAccessState", SNAPSHOTS_BLOCKED);
    proxy.answer_for("ec2:GetSerialConsoleAccessStatus", NO_CONSOLE);
    let slow = provider_aws::Options::emulator(&proxy.endpoint, run::REGIONS[0]);
    let aws = provider_aws::Aws::connect(slow, run::REGIONS.map(str::to_owned).to_vec()).await.expect("moto knows who we are");
    let aws: Arc<dyn Provider> = Arc::new(aws);
    let now = Timestamp::now();
    let all = content::plan(&|_| true);
    let whole = said(&all, &run::assess(&all, Arc::clone(&aws), now).await);
    let mut dice = Dice(0x5eed);
    let alone = all.checks().iter().map(|check| vec![check.id().to_string()]);
    let some = (0..20).map(|_| all.checks().iter().filter(|_| dice.below(4) == 0).map(|check| check.id().to_string()).collect());
    for chosen in alone.chain(some.collect::<Vec<Vec<String>>>()) {
        let plan = content::plan(&|check| chosen.iter().any(|one| one == check));
        let part = said(&plan, &run::assess(&plan, Arc::clone(&aws), now).await);
        assert_eq!(part, of_checks(&whole, &plan), "{chosen:?}");
    }
}

#[test]
fn neither_the_order_of_resources_nor_threads_change_anything() {
    let plan = content::plan(&|_| true);
    let exemptions = Exemptions::new(Vec::new());
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    let mut items = recorded();
    let judged = |items: &[Item]| {
        let mut evaluator = Evaluator::new(&plan, &exemptions, now);
        items.iter().for_each(|item| evaluator.take(item.clone(), &mut |_, _| {}).expect("a whole recording"));
        evaluator.finish().expect("a whole recording")
    };
    let first = judged(&items);
    assert!(first.outcomes.len() > 600, "the estate is there");
    let mut dice = Dice(0xd1ce);
    for _ in 0..10 {
        dice.shuffle(&mut items);
        assert!(judged(&items) == first, "the order of what came can be told");
    }
    for threads in [1, 2, 8] {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).build().expect("a runtime");
        let seen = runtime.block_on(async {
            let recordings = Snapshot::open_all(&root().join("tests/estate"), provider_aws::kinds()).expect("the estate is there");
            let jobs: Vec<(Arc<dyn Provider>, Vec<Want>)> =
                recordings.into_iter().map(|recording| (Arc::new(recording) as Arc<dyn Provider>, plan.wants("aws"))).collect();
            let evaluator = Evaluator::new(&plan, &exemptions, now);
            engine::collect(&jobs, evaluator, &mut |_| {}, &mut |_, _| {}).await.expect("a run")
        });
        assert_eq!(said(&plan, &seen), said(&plan, &first), "{threads} threads");
    }
}

/// Everything in the recorded estate that some check looks at.
fn recorded() -> Vec<Item> {
    let wants: Vec<Want> = content::plan(&|_| true).wants("aws").into_iter().map(|want| Want { fields: Fields::All, ..want }).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let mut items = Vec::new();
    for recording in Snapshot::open_all(&root().join("tests/estate"), provider_aws::kinds()).expect("the estate is there") {
        runtime.block_on(async {
            let (sink, mut out) = tokio::sync::mpsc::channel(10_000);
            recording.collect(&wants, sink).await.expect("the estate is whole");
            while let Some(item) = out.recv().await {
                items.push(item);
            }
        });
    }
    items
}
