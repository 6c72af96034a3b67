//! Judges the controls of a framework by what was found on ours.

use std::collections::{BTreeMap, BTreeSet};

use super::{Framework, Map, Member, Ours};
use crate::assess::{Assessed, Grade, Where};
use crate::plan::Control;
use crate::seen::Seen;

/// What is known of a control of a framework. The first that holds counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Something fails that it demands.
    NotSatisfied,
    /// Something that decides it could not be read.
    Unknown,
    /// What it demands was found to hold.
    Satisfied,
    /// There is nothing there to which what it demands could apply.
    Vacuous,
    /// What it demands does not apply to anything there.
    NotApplicable,
    /// Checks bear on it, and none of them can decide it.
    Undecided,
    /// No check reaches it.
    NotAssessed,
}

impl Answer {
    /// The word that results use.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::NotSatisfied => "not-satisfied",
            Answer::Unknown => "unknown",
            Answer::Satisfied => "satisfied",
            Answer::Vacuous => "vacuous",
            Answer::NotApplicable => "not-applicable",
            Answer::Undecided => "undecided",
            Answer::NotAssessed => "not-assessed",
        }
    }
}

/// A framework and what is known of each of its controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The framework.
    pub framework: Framework,
    /// One judgement per control, in its order.
    pub judgements: Vec<Judgement>,
}

/// What is known of one control.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The answer.
    pub answer: Answer,
    /// The answer of each part that a mapping speaks of.
    pub parts: BTreeMap<String, Answer>,
    /// Positions of the groups that bear on it.
    pub groups: Vec<usize>,
    /// Positions of our controls that bear on it and were assessed.
    pub controls: Vec<usize>,
}

/// Judges every control of the framework by the answers for `ours`, the controls of the plan that was assessed; `checks` are the ids of its checks.
pub fn judge(framework: Framework, ours: &[Control], checks: &[String], seen: &Seen, assessed: &Assessed) -> Judged {
    let found = Found { ours, checks, seen, assessed };
    let judgements = framework.controls.iter().map(|member| found.member(member)).collect();
    Judged { framework, judgements }
}

struct Found<'a> {
    ours: &'a [Control],
    checks: &'a [String],
    seen: &'a Seen,
    assessed: &'a Assessed,
}

impl Found<'_> {
    fn member(&self, member: &Member) -> Judgement {
        let mut by_part: BTreeMap<Option<&str>, Vec<Answer>> = BTreeMap::new();
        let (mut groups, mut controls) = (BTreeSet::new(), BTreeSet::new());
        for map in &member.maps {
            by_part.entry(map.part.as_deref()).or_default().push(self.map(map));
            for ours in &map.ours {
                let own = self.groups(ours);
                if let (Some(at), false) = (self.position(&ours.control), own.is_empty()) {
                    controls.insert(at);
                }
                groups.extend(own);
            }
        }
        let gravest = |answers: &Vec<Answer>| answers.iter().copied().min().unwrap_or(Answer::NotAssessed);
        let parts: BTreeMap<String, Answer> =
            by_part.iter().filter_map(|(part, answers)| Some(((*part)?.to_owned(), gravest(answers)))).collect();
        let whole = by_part.get(&None).map_or(Answer::NotAssessed, gravest);
        let answer = whole.min(together(member, &parts));
        Judgement { answer, parts, groups: groups.into_iter().collect(), controls: controls.into_iter().collect() }
    }

    fn position(&self, control: &str) -> Option<usize> {
        self.ours.binary_search_by(|own| own.id.as_str().cmp(control)).ok()
    }

    /// What one mapping lets us say.
    fn map(&self, map: &Map) -> Answer {
        let standings: Vec<Option<Grade>> = map.ours.iter().map(|ours| self.standing(ours)).collect();
        if standings.iter().all(Option::is_none) {
            return Answer::NotAssessed;
        }
        let bound = map
            .limits
            .iter()
            .all(|limit| map.ours.iter().any(|ours| self.position(&ours.control).is_some_and(|at| limit.holds(&self.ours[at]))));
        let fails = bound && map.relation.carries_failure() && !map.shared;
        let passes = bound && map.relation.carries_pass();
        let any = |grade| standings.contains(&Some(grade));
        match () {
            () if fails && any(Grade::Fail) => Answer::NotSatisfied,
            () if (fails || passes) && any(Grade::Unknown) => Answer::Unknown,
            // Where one of several could not be looked at, or failed and it cannot be told whose failure it is, nothing is claimed.
            () if !passes || any(Grade::Fail) || standings.contains(&None) => Answer::Undecided,
            () if any(Grade::Pass) => Answer::Satisfied,
            () if any(Grade::Vacuous) => Answer::Vacuous,
            () => Answer::NotApplicable,
        }
    }

    /// What our control comes to, by the verdicts that count; none if it was not assessed.
    fn standing(&self, ours: &Ours) -> Option<Grade> {
        let grades: BTreeSet<Grade> = self.groups(ours).into_iter().map(|at| self.assessed.groups[at].grade).collect();
        [Grade::Fail, Grade::Unknown, Grade::Pass, Grade::Vacuous, Grade::NotApplicable].into_iter().find(|grade| grades.contains(grade))
    }

    /// The groups of our control, of its provider alone where the mapping names one.
    fn groups(&self, ours: &Ours) -> Vec<usize> {
        let of_provider = |at: &usize| match (&ours.provider, &self.assessed.groups[*at].scope) {
            (None, _) => true,
            (Some(wanted), Where::Account(provider, _)) => provider == wanted,
            (Some(wanted), Where::Scope(scope)) => &self.seen.scopes[*scope as usize].provider == wanted,
        };
        let answer = self.assessed.answers.iter().find(|answer| self.ours[answer.control].id == ours.control);
        let of_check = |at: &usize| ours.check.as_ref().is_none_or(|check| check == &self.checks[self.assessed.groups[*at].check as usize]);
        answer.iter().flat_map(|answer| &answer.groups).copied().filter(of_provider).filter(of_check).collect()
    }
}

/// What the parts make of the whole. A failing or unknown part is enough; a pass takes every part of the control that is like them.
fn together(member: &Member, parts: &BTreeMap<String, Answer>) -> Answer {
    let Some(gravest) = parts.values().copied().min() else { return Answer::NotAssessed };
    let names: BTreeSet<&str> = member.parts.iter().filter(|(_, id)| parts.contains_key(id)).map(|(name, _)| name.as_str()).collect();
    let mut alike = member.parts.iter().filter(|(name, _)| names.contains(name.as_str()));
    let decided = |answer: Answer| matches!(answer, Answer::Satisfied | Answer::Vacuous | Answer::NotApplicable);
    let all = !names.is_empty() && alike.all(|(_, id)| parts.get(id).copied().is_some_and(decided)) && parts.values().copied().all(decided);
    match gravest {
        Answer::NotSatisfied | Answer::Unknown | Answer::NotAssessed => gravest,
        _ if all => gravest,
        _ => Answer::Undecided,
    }
}
