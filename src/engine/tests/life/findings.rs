use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use engine::finding::{Deadlines, Extent, FindingChange, FindingStep, ItemStatus, Owner, Policy, Register, Run, Sight, lapsed, steps};
use engine::{Exemptions, Plan};
use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use crate::toy::{Account, NAMES, State, day, exemption, look, plan};

/// What is looked at on a day: the controls, and of each of two accounts the state, where it is looked at.
#[derive(Clone, Debug)]
struct Day {
    controls: usize,
    extent: Extent,
    accounts: [Option<Account>; 2],
}

const ACCOUNTS: [&str; 2] = ["one", "two"];

fn plans() -> &'static [Plan; 3] {
    static PLANS: OnceLock<[Plan; 3]> = OnceLock::new();
    PLANS.get_or_init(|| [plan(&["toy-01", "toy-02"]), plan(&["toy-01"]), plan(&["toy-02"])])
}

/// The steps of a day, applied.
fn live(register: &mut Register, number: i64, day_of: &Day, exemptions: &Exemptions, policy: &Policy) -> Vec<FindingStep> {
    let accounts: Vec<(&str, &Account)> =
        ACCOUNTS.into_iter().zip(&day_of.accounts).filter_map(|(name, account)| Some((name, account.as_ref()?))).collect();
    let plan = &plans()[day_of.controls];
    let (seen, assessed) = look(plan, exemptions, day(number), &accounts);
    let none = BTreeMap::new();
    let run = Run {
        id: Uuid::from_u128(number as u128),
        at: day(number),
        plan,
        seen: &seen,
        assessed: &assessed,
        exemptions,
        extent: day_of.extent,
        failing_since: &none,
        tags: &|_, _| None,
    };
    let found = steps(register, &run, policy);
    for step in &found {
        register.apply(step).unwrap_or_else(|error| panic!("{error}: {step:?}"));
    }
    found
}

fn account(boxes: [State; 3]) -> Option<Account> {
    Some(Account { boxes, denied: false })
}

fn whole(boxes: [State; 3]) -> Day {
    Day { controls: 1, extent: Extent::Everything, accounts: [account(boxes), None] }
}

/// The words of what happens over days of account `one`.
fn words(days: &[Day], exempt_days: Option<i64>) -> (Vec<String>, Register) {
    let exemptions = Exemptions::new(exempt_days.map(exemption).into_iter().collect());
    let mut register = Register::default();
    let mut told = Vec::new();
    for (number, one) in days.iter().enumerate() {
        for step in live(&mut register, number as i64, one, &exemptions, &Policy::default()) {
            let what = serde_json::to_value(&step.change).unwrap()["what"].as_str().unwrap().to_owned();
            told.push(format!("{number} {} {what}", step.item));
        }
    }
    (told, register)
}

use State::{Absent, Locked, Open, Unread};

#[test]
fn a_finding_is_opened_once_and_resolved_by_a_pass() {
    let days = [whole([Open, Locked, Absent]), whole([Open, Locked, Absent]), whole([Locked, Locked, Absent])];
    assert_eq!(words(&days, None).0, ["0 1 opened", "2 1 resolved"]);
}

#[test]
fn what_could_not_be_seen_resolves_nothing() {
    let denied = Day { accounts: [Some(Account { boxes: [Absent; 3], denied: true }), None], ..whole([Absent; 3]) };
    let unread = whole([Unread, Locked, Absent]);
    let elsewhere = Day { controls: 2, ..whole([Locked, Locked, Locked]) };
    let given = Day { extent: Extent::GivenSubjects, ..whole([Locked, Locked, Absent]) };
    for (blind, sight) in [(denied, "unknown"), (unread, "unknown"), (elsewhere, "not-assessed"), (given, "failing")] {
        let (told, register) = words(&[whole([Open, Locked, Absent]), blind.clone()], None);
        let item = register.newest("toy-01", "toy/one").unwrap();
        assert_eq!((item.status, item.sight.as_str()), (ItemStatus::Open, sight), "{blind:?}: {told:?}");
        let (told, _) = words(&[whole([Open, Locked, Absent]), blind.clone(), blind, whole([Locked, Locked, Absent])], None);
        assert!(told.iter().filter(|line| line.contains("unseen")).count() <= 1, "said once: {told:?}");
        assert_eq!(told.last().unwrap(), "3 1 resolved");
    }
}

#[test]
fn a_run_about_something_else_says_nothing() {
    let part = Day { controls: 2, extent: Extent::Part, ..whole([Locked, Locked, Locked]) };
    let other = Day { extent: Extent::Part, accounts: [None, account([Locked; 3])], ..whole([Absent; 3]) };
    let (told, register) = words(&[whole([Open, Locked, Absent]), part, other], None);
    assert_eq!(told, ["0 1 opened"]);
    assert_eq!(register.get(1).unwrap().sight, Sight::Failing);
}

#[test]
fn a_finding_is_gone_with_its_resource_only_by_a_whole_list() {
    let denied = Day { accounts: [Some(Account { boxes: [Absent, Locked, Absent], denied: true }), None], ..whole([Absent; 3]) };
    let (told, register) = words(&[whole([Open, Locked, Absent]), denied, whole([Absent, Locked, Absent])], None);
    assert_eq!(told, ["0 1 opened", "1 1 unseen", "2 1 gone"]);
    assert_eq!(register.get(1).unwrap().status, ItemStatus::Gone, "that another box is locked is no pass of this one");
}

#[test]
fn what_fails_again_is_a_new_item_that_names_the_old_one() {
    let days = [whole([Open, Absent, Absent]), whole([Locked, Absent, Absent]), whole([Open, Absent, Absent])];
    let (told, register) = words(&days, None);
    assert_eq!(told, ["0 1 opened", "1 1 resolved", "2 2 opened"]);
    let again = register.get(2).unwrap();
    assert_eq!((again.reopens, again.since), (Some(1), day(2)), "its days count from when it failed again");
}

#[test]
fn an_exemption_and_a_gap_buy_no_time() {
    let days =
        [whole([Open, Absent, Absent]), whole([Unread, Absent, Absent]), whole([Open, Absent, Absent]), whole([Open, Absent, Absent])];
    let (told, register) = words(&days, Some(2));
    assert_eq!(told, ["0 1 opened", "0 1 exempt", "1 1 unseen", "2 1 seen", "3 1 seen", "3 1 unexempt"]);
    let item = register.get(1).unwrap();
    assert_eq!((item.status, item.since), (ItemStatus::Open, day(0)));
    assert_eq!(item.facts.due, Deadlines::default().due(day(0), checks::Severity::High));
    assert!(!item.is_overdue(day(29)) && item.is_overdue(day(30)));
}

#[test]
fn an_exemption_that_ends_while_nobody_can_look_counts_again_all_the_same() {
    let (told, _) = words(&[whole([Open, Absent, Absent]), whole([Unread, Absent, Absent]), whole([Unread, Absent, Absent])], Some(1));
    assert_eq!(told, ["0 1 opened", "0 1 exempt", "1 1 unseen", "2 1 unexempt"]);
    let exemptions = Exemptions::new(vec![exemption(1)]);
    let mut register = Register::default();
    live(&mut register, 0, &whole([Open, Absent, Absent]), &exemptions, &Policy::default());
    assert_eq!(lapsed(&register, &exemptions, day(1)), [], "its last day is not over");
    let ended = lapsed(&register, &exemptions, day(2));
    assert!(matches!(&ended[..], [FindingStep { change: FindingChange::Unexempt { ended }, run: None, .. }] if ended.contains("EX-1")));
    register.apply(&ended[0]).unwrap();
    assert_eq!(lapsed(&register, &exemptions, day(2)), []);
}

#[test]
fn a_finding_is_exempt_only_while_all_that_fails_is() {
    let days = [whole([Open, Absent, Absent]), whole([Open, Open, Absent]), whole([Open, Locked, Absent])];
    assert_eq!(words(&days, Some(50)).0, ["0 1 opened", "0 1 exempt", "1 1 seen", "1 1 unexempt", "2 1 seen", "2 1 exempt"]);
}

#[test]
fn numbers_count_up_and_a_finding_has_one_open_item_whatever_somebody_writes() {
    let (_, register) = words(&[whole([Open, Absent, Absent]), whole([Locked, Absent, Absent])], None);
    let opened = |item: u64, reopens: Option<u64>| FindingStep {
        item,
        control: "toy-01".into(),
        account: "toy/one".into(),
        at: day(9),
        run: None,
        change: FindingChange::Opened { reopens, since: day(9), facts: register.get(1).unwrap().facts.clone() },
    };
    let refused = |step: FindingStep| register.clone().apply(&step).unwrap_err().to_string();
    assert_eq!(refused(opened(1, Some(1))), "item V-0001 cannot be opened: the last number is 1");
    assert!(refused(opened(2, None)).contains("it must name V-0001"));
    let mut twice = register.clone();
    twice.apply(&opened(2, Some(1))).unwrap();
    assert!(twice.apply(&opened(3, Some(2))).unwrap_err().to_string().contains("V-0002 is still open"));
    let late = FindingStep { change: FindingChange::Resolved { passed: 1, gone: 0 }, ..opened(1, None) };
    assert!(refused(late).contains("it is resolved; what fails again is a new item"));
}

#[test]
fn the_first_rule_that_fits_says_who_answers() {
    let rule = |name: &str, control: Option<&str>, account: Option<&str>| Owner {
        name: name.into(),
        control: control.map(Into::into),
        account: account.map(Into::into),
        tags: BTreeMap::new(),
    };
    let tagged = Owner { tags: BTreeMap::from([("team".into(), "bl*".into())]), ..rule("blue", None, None) };
    let policy = Policy { owners: vec![tagged, rule("data", Some("dat-*"), Some("1*")), rule("all", None, None)], ..Policy::default() };
    let blue = BTreeMap::from([("team".to_owned(), "blue".to_owned())]);
    assert_eq!(policy.owner("dat-01", "aws/111", &[Some(&blue)]).as_deref(), Some("blue"));
    assert_eq!(policy.owner("dat-01", "aws/111", &[Some(&blue), None]).as_deref(), Some("data"), "tags of one are not known");
    assert_eq!(policy.owner("dat-01", "aws/211", &[]).as_deref(), Some("all"));
    assert_eq!(policy.owner("net-01", "aws/111", &[]).as_deref(), Some("all"));
    assert!(!Owner { control: Some("[".into()), ..rule(" ", None, None) }.problems().is_empty());
}

fn a_state() -> impl Strategy<Value = State> {
    prop_oneof![2 => Just(Absent), 3 => Just(Locked), 3 => Just(Open), 1 => Just(Unread)]
}

fn an_account() -> impl Strategy<Value = Option<Account>> {
    let state = ([a_state(), a_state(), a_state()], prop::bool::weighted(0.15)).prop_map(|(boxes, denied)| Account { boxes, denied });
    prop::option::weighted(0.8, state)
}

fn a_day() -> impl Strategy<Value = Day> {
    let extent = prop_oneof![4 => Just(Extent::Everything), 2 => Just(Extent::Part), 1 => Just(Extent::GivenSubjects)];
    let day = (0usize..3, extent, [an_account(), an_account()]);
    day.prop_map(|(controls, extent, accounts)| Day { controls, extent, accounts })
        .prop_filter("somebody looks somewhere", |day| day.accounts.iter().any(Option::is_some))
}

/// What must be true of a finding, worked out from the boxes alone: which of them are known to have failed and not known to have ended.
#[derive(Default)]
struct Oracle {
    failing: BTreeMap<(&'static str, usize), BTreeSet<usize>>,
}

#[derive(Debug, PartialEq)]
enum Fate {
    Open,
    Passed,
    Gone,
    Never,
}

impl Oracle {
    fn see(&mut self, control: &'static str, number: usize, account: &Account, extent: Extent) -> Fate {
        let failing = self.failing.entry((control, number)).or_default();
        let is = |at: usize, state: State| account.boxes[at] == state;
        let whole = !account.denied && extent != Extent::GivenSubjects;
        let now: BTreeSet<usize> = (0..NAMES.len()).filter(|&at| is(at, Open)).collect();
        let unknown = account.denied || (0..NAMES.len()).any(|at| is(at, Unread));
        if now.is_empty() && (unknown || !whole) {
            return if failing.is_empty() { Fate::Never } else { Fate::Open };
        }
        let ended: BTreeSet<usize> = failing.iter().copied().filter(|&at| whole && (is(at, Locked) || is(at, Absent))).collect();
        let was_open = !failing.is_empty();
        *failing = failing.difference(&ended).copied().chain(now).collect();
        match (failing.is_empty(), was_open) {
            (false, _) => Fate::Open,
            (true, false) => Fate::Never,
            (true, true) if ended.iter().any(|&at| is(at, Locked)) => Fate::Passed,
            (true, true) => Fate::Gone,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_runs_see_a_finding_ends_only_by_what_was_seen(
        days in prop::collection::vec(a_day(), 1..14),
        exempt_days in prop::option::of(-1i64..14),
    ) {
        let exemptions = Exemptions::new(exempt_days.map(exemption).into_iter().collect());
        let (mut register, mut oracle, mut all) = (Register::default(), Oracle::default(), Vec::new());
        for (number, one) in days.iter().enumerate() {
            let found = live(&mut register, number as i64, one, &exemptions, &Policy::default());
            let ends = |control: &str, account: &str| {
                found.iter().filter(|step| step.control == control && step.account == account).find_map(|step| match step.change {
                    FindingChange::Resolved { .. } => Some(Fate::Passed),
                    FindingChange::Gone { .. } => Some(Fate::Gone),
                    _ => None,
                })
            };
            let planned: &[&'static str] = [&["toy-01", "toy-02"][..], &["toy-01"], &["toy-02"]][one.controls];
            for (at, name) in ACCOUNTS.iter().enumerate() {
                let key = format!("toy/{name}");
                for control in ["toy-01", "toy-02"] {
                    let fate = match &one.accounts[at] {
                        Some(account) if planned.contains(&control) => oracle.see(control, at, account, one.extent),
                        _ if oracle.failing.get(&(control, at)).is_some_and(|failing| !failing.is_empty()) => Fate::Open,
                        _ => Fate::Never,
                    };
                    let item = register.newest(control, &key).filter(|item| !item.status.is_closed());
                    prop_assert_eq!(item.is_some(), fate == Fate::Open, "day {}: {} in {}: {:?}", number, control, key, found);
                    match ends(control, &key) {
                        Some(ended) => prop_assert_eq!(ended, fate, "day {}", number),
                        None => prop_assert!(matches!(fate, Fate::Open | Fate::Never), "day {}: {:?} and no step", number, fate),
                    }
                    if let Some(item) = item {
                        let failing: BTreeSet<String> =
                            oracle.failing[&(control, at)].iter().map(|&at| NAMES[at].to_owned()).collect();
                        let kept: BTreeSet<String> = item.facts.subjects.iter().map(|one| one.name.clone()).collect();
                        prop_assert!(item.sight != Sight::Failing || failing == kept, "{:?} and {:?}", failing, kept);
                        prop_assert!(item.facts.failures() >= 1 && item.since <= item.opened);
                        let ended = exempt_days.is_none_or(|last| number as i64 > last);
                        prop_assert!(item.status != ItemStatus::Exempt || (!ended && failing == BTreeSet::from(["a".to_owned()])
                            || one.accounts[at].is_none() || one.extent != Extent::Everything || item.sight != Sight::Failing));
                        prop_assert!(!(item.status == ItemStatus::Exempt && ended), "an ended exemption excuses nothing");
                    }
                }
            }
            all.extend(found);
        }
        let numbers: Vec<u64> =
            all.iter().filter(|step| matches!(step.change, FindingChange::Opened { .. })).map(|step| step.item).collect();
        prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", numbers);
        let written = serde_json::to_string(&all).unwrap();
        let read: Vec<FindingStep> = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(&Register::replay(&read).unwrap(), &register, "the log is the state");
        prop_assert_eq!(&Register::of(register.items().cloned()), &register);
    }
}

#[test]
fn the_days_of_a_failure_that_the_record_knows_of_count_from_there() {
    let exemptions = Exemptions::new(Vec::new());
    let (seen, assessed) = look(&plans()[1], &exemptions, day(10), &[("one", &account([Open, Absent, Absent]).unwrap())]);
    let since: BTreeMap<(String, String), Timestamp> = BTreeMap::from([(("toy-01".into(), "toy/one".into()), day(3))]);
    let run = Run {
        id: Uuid::nil(),
        at: day(10),
        plan: &plans()[1],
        seen: &seen,
        assessed: &assessed,
        exemptions: &exemptions,
        extent: Extent::Everything,
        failing_since: &since,
        tags: &|_, _| None,
    };
    let found = steps(&Register::default(), &run, &Policy::default());
    assert!(matches!(&found[0].change, FindingChange::Opened { since, .. } if *since == day(3)));
}
