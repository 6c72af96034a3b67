//! Turns outcomes into what OSCAL speaks of: observations, and one answer per control. Knows no file format.

use std::collections::BTreeMap;

use checks::{Severity, Verdict};

use crate::plan::Plan;
use crate::seen::{Outcome, Seen};

/// A verdict without its details, and the case that there was nothing to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The check's condition holds.
    Pass,
    /// It does not.
    Fail,
    /// A read that decides it failed.
    Unknown,
    /// The check does not apply to the resource.
    NotApplicable,
    /// The kind was listed everywhere in the account, and there is none.
    Vacuous,
}

impl Grade {
    /// The word that results use.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Pass => "pass",
            Grade::Fail => "fail",
            Grade::Unknown => "unknown",
            Grade::NotApplicable => "not-applicable",
            Grade::Vacuous => "vacuous",
        }
    }
}

impl From<&Verdict> for Grade {
    fn from(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Pass => Grade::Pass,
            Verdict::Fail { .. } => Grade::Fail,
            Verdict::Unknown(_) => Grade::Unknown,
            Verdict::NotApplicable { .. } => Grade::NotApplicable,
        }
    }
}

/// How many verdicts of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Passes.
    pub pass: u64,
    /// Failures, exempt ones included.
    pub fail: u64,
    /// Unknowns.
    pub unknown: u64,
    /// Not applicable.
    pub not_applicable: u64,
    /// Checks with nothing to judge in an account.
    pub vacuous: u64,
    /// Failures that a live exemption marks.
    pub exempt: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, grade: Grade, exempt: bool, count: u64) {
        match grade {
            Grade::Pass => self.pass += count,
            Grade::Fail => self.fail += count,
            Grade::Unknown => self.unknown += count,
            Grade::NotApplicable => self.not_applicable += count,
            Grade::Vacuous => self.vacuous += count,
        }
        if exempt {
            self.exempt += count;
        }
    }

    /// Every verdict that was planned.
    pub fn planned(&self) -> u64 {
        self.pass + self.fail + self.unknown + self.not_applicable
    }
}

/// Outcomes that are one observation: one check, one scope, one verdict, one exemption.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Position of the check.
    pub check: u32,
    /// Where.
    pub scope: Where,
    /// The verdict.
    pub grade: Grade,
    /// The exemption that marks them.
    pub exempt: Option<u32>,
    /// Positions of the outcomes; none for a vacuous check.
    pub outcomes: Vec<u32>,
}

/// A scope that was looked at, or a whole account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// Position of the scope.
    Scope(u32),
    /// Provider and account.
    Account(String, String),
}

/// The answer for one control.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlAnswer {
    /// Position of the control in the plan.
    pub control: usize,
    /// Its verdicts.
    pub tally: Tally,
    /// The worst severity among the checks that failed without exemption, then that were unknown, then that failed exempt.
    pub severity: Option<Severity>,
    /// Positions of its groups.
    pub groups: Vec<usize>,
}

/// What an assessment comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    /// The observations to be.
    pub groups: Vec<Group>,
    /// One answer per assessed control, in the order of their ids.
    pub answers: Vec<ControlAnswer>,
    /// Selected controls that no check reaches, by position.
    pub unreached: Vec<usize>,
    /// All verdicts.
    pub tally: Tally,
    /// The worst severity of an unexempted failure.
    pub worst_failure: Option<Severity>,
}

/// Groups what was seen and answers for every control.
pub fn assess(plan: &Plan, seen: &Seen) -> Assessed {
    let mut groups = observed(seen);
    groups.extend(vacuous(plan, seen));
    groups.sort_by(|a, b| (a.check, &a.scope, a.grade, a.exempt).cmp(&(b.check, &b.scope, b.grade, b.exempt)));
    let mut of_control: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        of_control.entry(plan.checks()[group.check as usize].id().control()).or_default().push(at);
    }
    let (mut answers, mut unreached) = (Vec::new(), Vec::new());
    for (at, control) in plan.controls().iter().enumerate() {
        match of_control.remove(control.id.as_str()) {
            Some(own) => answers.push(answer(plan, &groups, at, own)),
            None => unreached.push(at),
        }
    }
    let mut tally = Tally::default();
    groups.iter().for_each(|group| count(&mut tally, group));
    let worst_failure = groups.iter().filter(|group| is_open(group)).map(|group| severity(plan, group)).max();
    Assessed { groups, answers, unreached, tally, worst_failure }
}

fn observed(seen: &Seen) -> Vec<Group> {
    let key = |outcome: &Outcome| (outcome.check, seen.scope_of(outcome.place), Grade::from(&outcome.verdict), outcome.exempt);
    let mut found: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for (at, outcome) in seen.outcomes.iter().enumerate() {
        found.entry(key(outcome)).or_default().push(at as u32);
    }
    let group = |((check, scope, grade, exempt), outcomes)| Group { check, scope: Where::Scope(scope), grade, exempt, outcomes };
    found.into_iter().map(group).collect()
}

/// A check is vacuous in an account whose lists were all read to the end and had nothing in them.
fn vacuous(plan: &Plan, seen: &Seen) -> Vec<Group> {
    let account = |scope: u32| {
        let scope = &seen.scopes[scope as usize];
        (scope.provider.clone(), scope.account.clone())
    };
    let mut empty: BTreeMap<(u32, (String, String)), bool> = BTreeMap::new();
    for listing in &seen.listings {
        let is_empty = matches!(listing.outcome, Ok(0));
        *empty.entry((listing.kind, account(listing.scope))).or_insert(true) &= is_empty;
    }
    let groups_of = |((kind, (provider, account)), _): ((u32, (String, String)), bool)| {
        let checks = plan.checks_of(&seen.kinds[kind as usize]).iter();
        let group = move |&check: &usize| {
            let scope = Where::Account(provider.clone(), account.clone());
            Group { check: check as u32, scope, grade: Grade::Vacuous, exempt: None, outcomes: Vec::new() }
        };
        checks.map(group).collect::<Vec<_>>()
    };
    empty.into_iter().filter(|(_, is_empty)| *is_empty).flat_map(groups_of).collect()
}

fn count(tally: &mut Tally, group: &Group) {
    let count = if group.grade == Grade::Vacuous { 1 } else { group.outcomes.len() as u64 };
    tally.add(group.grade, group.exempt.is_some(), count);
}

fn severity(plan: &Plan, group: &Group) -> Severity {
    plan.checks()[group.check as usize].severity()
}

/// A failure that nothing excuses.
fn is_open(group: &Group) -> bool {
    group.grade == Grade::Fail && group.exempt.is_none()
}

fn answer(plan: &Plan, all: &[Group], control: usize, own: Vec<usize>) -> ControlAnswer {
    let groups = || own.iter().map(|&at| &all[at]);
    let mut tally = Tally::default();
    groups().for_each(|group| count(&mut tally, group));
    let worst = |wanted: &dyn Fn(&Group) -> bool| groups().filter(|group| wanted(group)).map(|group| severity(plan, group)).max();
    let severity =
        worst(&is_open).or_else(|| worst(&|group| group.grade == Grade::Unknown)).or_else(|| worst(&|group| group.grade == Grade::Fail));
    ControlAnswer { control, tally, severity, groups: own }
}
