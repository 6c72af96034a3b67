//! What a verdict rests on, as one fingerprint: who and what the resource is, its document, the checks of its kind, the parameters of
//! their controls, and the exemptions that are about it with what they are now.
//!
//! Time is in it only as far as exemptions have begun or ended. Ages inside checks are not: for these there is `recheck_at`.

use checks::Check;
use inventory::{KindId, Read, Resource};
use jiff::Timestamp;

use super::fingerprint::{Fingerprint, Prints};
use crate::exempt::{Exemption, Exemptions};
use crate::plan::Plan;

/// Raised when the same check says something else of the same document than it did, because the language or the engine changed.
const RULES: u8 = 1;

/// The resource among all resources.
pub(super) fn subject(kind: &KindId, id: &str) -> Fingerprint {
    Prints::default().and(kind.as_str()).and(id).done()
}

/// The checks of a kind with the parameters of their controls, and the exemptions that can be about some of them.
pub(super) struct Basis {
    /// Positions of the checks in the plan.
    pub(super) checks: Vec<usize>,
    /// The checks and their parameters.
    pub(super) print: Fingerprint,
    /// Positions of exemptions, in order, each with the checks of the kind that it can be about.
    pub(super) exemptions: Vec<(u32, Vec<u16>)>,
}

impl Basis {
    pub(super) fn new(plan: &Plan, exemptions: &Exemptions, kind: &KindId) -> Self {
        let checks = plan.checks_of(kind).to_vec();
        let mut prints = Prints::default().and([RULES]).and(env!("CARGO_PKG_VERSION"));
        for &at in &checks {
            prints.add(plan.checks()[at].digest());
            prints.add(plan.control_of(at).params.to_string());
        }
        let about = |at: u32| -> Vec<u16> {
            let hit = |check: &Check| exemptions.may_be_about(at, check.id(), kind.provider());
            (0u16..).zip(&checks).filter(|(_, check)| hit(&plan.checks()[**check])).map(|(position, _)| position).collect()
        };
        let all = (0..exemptions.all().len() as u32).map(|at| (at, about(at)));
        let exemptions = all.filter(|(_, checks)| !checks.is_empty()).collect();
        Self { checks, print: prints.done(), exemptions }
    }
}

impl Basis {
    /// Of a kind that no check judges.
    pub(super) fn of_nothing() -> Self {
        Self { checks: Vec::new(), print: Prints::default().done(), exemptions: Vec::new() }
    }
}

/// The part of a key that [`key`] is told to leave out, to show that a test would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Name,
    Scope,
    Tags,
    Document,
    Checks,
    Exemptions,
    /// The time until which and from which it is good.
    Clock,
}

/// What the verdicts on a resource rest on. `about` are the exemptions that cover it. `without` is empty but in tests.
pub(super) fn key(
    basis: &Basis,
    head: &Resource,
    document: &[u8; 32],
    about: &[&(u32, Vec<u16>)],
    exemptions: &Exemptions,
    now: Timestamp,
    without: &[Part],
) -> Fingerprint {
    let with = |part| !without.contains(&part);
    let mut prints = Prints::default().and(head.kind.as_str()).and(&head.id);
    if with(Part::Name) {
        prints.add(&head.name);
    }
    if with(Part::Scope) {
        let region = head.scope.region.as_deref();
        prints = prints.and(&head.scope.provider).and(&head.scope.account).and([u8::from(region.is_some())]).and(region.unwrap_or(""));
    }
    if with(Part::Tags) {
        tags(&mut prints, head);
    }
    if with(Part::Document) {
        prints.add(document);
    }
    if with(Part::Checks) {
        prints.add(basis.print.0);
    }
    if with(Part::Exemptions) {
        for (at, checks) in about {
            exemption(&mut prints, exemptions.get(*at), checks, now);
        }
    }
    prints.done()
}

fn tags(prints: &mut Prints, head: &Resource) {
    match &head.tags {
        Read::Known(tags) => {
            prints.add((tags.len() as u64).to_le_bytes());
            tags.iter().for_each(|(key, value)| {
                prints.add(key);
                prints.add(value);
            });
        }
        Read::Unknown(gap) => {
            prints.add("unknown");
            [&gap.action, &gap.cause].into_iter().chain(&gap.detail).for_each(|text| prints.add(text));
        }
    }
}

/// What marks a failure is which exemption it is, what it is about, from when to when, and whether that is now.
fn exemption(prints: &mut Prints, entry: &Exemption, checks: &[u16], now: Timestamp) {
    prints.add(&entry.id);
    prints.add([u8::from(entry.holds(now)), u8::from(entry.has_ended(now))]);
    prints.add(entry.ends().to_string());
    prints.add(entry.begins().map_or_else(String::new, |begins| begins.to_string()));
    checks.iter().for_each(|check| prints.add(check.to_le_bytes()));
}
