//! Ten thousand random sequences of edits: after each, nobody can tell the incremental state from one that starts from nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;

use inventory::Item;

use super::super::key::Part;
use super::super::{Change, Fingerprint, Judge, Reread, Standing};
use super::estate::{Edit, Estate, PLANS, plan};
use super::store::Store;
use crate::emit::{Frame, emit};
use crate::evaluate::Evaluator;
use crate::{Exemptions, Seen, Tally, assess};

/// Numbers that look random and are the same in every run (Steele and others' SplitMix).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn byte(&mut self, sides: usize) -> u8 {
        self.roll(sides) as u8
    }

    fn edit(&mut self) -> Edit {
        let (thing, place) = (self.byte(6), self.byte(3));
        match self.roll(20) {
            0..4 => Edit::Create { thing, is_key: self.roll(2) == 0, place, content: self.byte(250) },
            4..6 => Edit::Change { thing, content: self.byte(250) },
            6 => Edit::Rename { thing, name: self.byte(3) },
            7 => Edit::Move { thing, place },
            8..10 => Edit::Tag { thing, tags: self.byte(5) },
            10 => Edit::Delete { thing },
            11 => Edit::Deny { is_key: self.roll(2) == 0, place, after: self.byte(3) },
            12 => Edit::Allow,
            13 => Edit::Plan { number: self.byte(PLANS) },
            14 | 15 => {
                let (days, begins) = (self.byte(6) as i8 - 3, self.byte(12) as i8 - 6);
                Edit::Exempt { number: self.byte(3), about: self.byte(72), days, begins, longer: self.roll(2) == 0 }
            }
            16 => Edit::Unexempt { number: self.byte(3) },
            17 => match self.roll(4) {
                0 => Edit::TurnBack { hours: self.byte(60) },
                _ => Edit::Wait { hours: self.roll(100) as u16 },
            },
            18 => Edit::Reread { thing },
            _ => match self.roll(2) {
                0 => Edit::Restart,
                _ => Edit::Twice { thing },
            },
        }
    }

    /// Mostly a few, now and then many.
    fn edits(&mut self) -> Vec<Edit> {
        let many = if self.roll(100) == 0 { 40 } else { 0 };
        (0..many + 4 + self.roll(5)).map(|_| self.edit()).collect()
    }
}

/// What a standing says, but for when somebody looked and what it rests on.
fn said(standing: &Standing) -> Standing {
    let (epoch, none) = (jiff::Timestamp::UNIX_EPOCH, Fingerprint([0; 16]));
    Standing { collected: epoch, judged: epoch, key: none, ..standing.clone() }
}

fn judge<'a>(estate: &Estate, exemptions: &'a Exemptions, without: &[Part]) -> Judge<'a> {
    let mut judge = Judge::new(plan(estate.plan), exemptions, estate.now);
    judge.without = without.to_vec();
    judge
}

/// What one who starts from nothing sees, and how all stands.
fn from_scratch(estate: &Estate, exemptions: &Exemptions, items: Vec<Item>) -> (Seen, Vec<Standing>) {
    let mut standings = Vec::new();
    let mut evaluator = Evaluator::new(plan(estate.plan), exemptions, estate.now);
    evaluator.take_all(items, &mut |standing, _| standings.push(said(standing))).unwrap();
    (evaluator.finish().unwrap(), standings)
}

/// One full look after an edit, both ways.
fn look(estate: &Estate, store: &mut Store, dice: &mut Dice, without: &[Part]) -> usize {
    let exemptions = estate.exemptions();
    let items = estate.items(&mut |sides| dice.roll(sides));
    let (seen, standings) = from_scratch(estate, exemptions, items.clone());
    let ours = store.look(judge(estate, exemptions, without), items, 1);
    assert_eq!(ours.seen, seen);
    let assessed = assess(plan(estate.plan), &seen);
    assert_eq!(ours.looked.tally, Tally { vacuous: 0, ..assessed.tally });
    assert_eq!(ours.looked.exemption_matches, seen.exemption_matches);
    for standing in &standings {
        assert_eq!(store.rows.get(&standing.subject()).map(|(_, stored)| said(stored)).as_ref(), Some(standing));
    }
    for listed in ours.looked.listings.iter().filter(|listed| listed.outcome.is_ok()) {
        let (kind, scope) = (|at: u32| &seen.kinds[at as usize], |at: u32| &seen.scopes[at as usize]);
        let here = seen.subjects.iter().filter(|subject| (kind(subject.kind), scope(subject.scope)) == (&listed.kind, &listed.scope));
        assert_eq!(store.subjects_in(listed), here.map(|subject| subject.id.clone()).collect::<BTreeSet<_>>());
    }
    ours.judged
}

/// A look at one resource: it stands as a full look would find it, and everything else as it stood.
fn look_at(estate: &Estate, store: &mut Store, thing: u8, without: &[Part]) {
    let exemptions = estate.exemptions();
    let judge = judge(estate, exemptions, without);
    let before: Vec<_> = store.rows.clone().into_iter().collect();
    let reread = match estate.read(thing) {
        Some(resource) => Reread::Found(Box::new(resource)),
        None => Reread::NotFound { kind: "toy.box".parse().unwrap(), id: estate.id(thing) },
    };
    let subject = reread.subject();
    let change = store.reread(&judge, reread);
    let others = |rows: Vec<_>| rows.into_iter().filter(|(other, _)| *other != subject).collect::<Vec<(_, (u64, Standing))>>();
    assert_eq!(others(store.rows.clone().into_iter().collect()), others(before));
    match (estate.read(thing), change) {
        (Some(resource), Some(Change::Judged(_) | Change::Unchanged(_))) => {
            let mut fresh = Store::default();
            fresh.reread(&Judge::new(plan(estate.plan), exemptions, estate.now), Reread::Found(Box::new(resource)));
            assert_eq!(said(&store.rows[&subject].1), said(&fresh.rows[&subject].1));
        }
        (None, Some(Change::Gone(_)) | None) => assert!(!store.rows.contains_key(&subject)),
        (resource, change) => panic!("{resource:?} came to {change:?}"),
    }
}

/// Both documents, byte for byte; they follow from what was compared, so that not every look need write them.
fn write(estate: &Estate, store: &mut Store, dice: &mut Dice) {
    let exemptions = estate.exemptions();
    let items = estate.items(&mut |sides| dice.roll(sides));
    let frame = Frame {
        run: uuid::Uuid::from_u128(7),
        started: estate.now,
        ended: estate.now,
        valid_for: jiff::SignedDuration::from_hours(24),
        follows: None,
        timing: None,
        version: "0".into(),
        profile: "p".into(),
        organization: "o".into(),
        checks_digest: "d".into(),
        failing_since: BTreeMap::new(),
        deadlines: Default::default(),
        tick: None,
        unseen: BTreeMap::new(),
    };
    let bytes = |seen: &Seen| {
        let plan = plan(estate.plan);
        let emission = emit(plan, seen, &assess(plan, seen), exemptions, &[], &frame);
        let written = (serde_json::to_string(&emission.plan).unwrap(), serde_json::to_string(&emission.results).unwrap());
        (written, emission.evidence)
    };
    let (seen, _) = from_scratch(estate, exemptions, items.clone());
    let ours = store.look(judge(estate, exemptions, &[]), items, 1);
    assert_eq!(bytes(&ours.seen), bytes(&seen));
}

/// A whole sequence; returns how often something was judged, and how often it could have been.
fn run(seed: u64, edits: &[Edit], without: &[Part], writes: bool) -> (usize, usize) {
    let (mut estate, mut store, mut dice) = (Estate::new(), Store::default(), Dice(!seed));
    let (mut judged, mut seen) = (0, 0);
    for thing in 0..4 {
        estate.edit(Edit::Create { thing, is_key: thing == 0, place: dice.byte(3), content: dice.byte(250) });
    }
    for &edit in edits {
        estate.edit(edit);
        match edit {
            Edit::Restart => store.restart(),
            Edit::Reread { thing } => look_at(&estate, &mut store, thing, without),
            _ => {}
        }
        judged += look(&estate, &mut store, &mut dice, without);
        seen += store.rows.len();
    }
    if writes {
        write(&estate, &mut store, &mut dice);
    }
    (judged, seen)
}

fn holds(seed: u64, edits: &[Edit], without: &[Part]) -> bool {
    std::panic::catch_unwind(AssertUnwindSafe(|| run(seed, edits, without, false))).is_ok()
}

/// A sequence that fails, without the edits that it fails without.
fn shortest(seed: u64, mut edits: Vec<Edit>, without: &[Part]) -> Vec<Edit> {
    let mut at = edits.len();
    while at > 0 {
        at -= 1;
        let fewer: Vec<Edit> = edits.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, edit)| *edit).collect();
        if !holds(seed, &fewer, without) {
            edits = fewer;
        }
    }
    edits
}

/// The sequences of these numbers; how often something was judged, and how often it could have been.
fn run_all(seeds: impl Iterator<Item = u64>) -> (usize, usize) {
    let (mut judged, mut seen) = (0, 0);
    for seed in seeds {
        let edits = Dice(seed).edits();
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| run(seed, &edits, &[], seed % 32 == 0)));
        let Ok(counts) = outcome else {
            panic!("sequence {seed} fails, and so does {:#?}", shortest(seed, edits, &[]));
        };
        (judged, seen) = (judged + counts.0, seen + counts.1);
    }
    (judged, seen)
}

#[test]
fn after_any_edits_the_state_is_that_of_an_evaluation_from_nothing() {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    let counts: Vec<(usize, usize)> = std::thread::scope(|scope| {
        let share = |own: u64| (0..10_000).filter(move |seed| seed % threads == own);
        let running: Vec<_> = (0..threads).map(|own| scope.spawn(move || run_all(share(own)))).collect();
        running.into_iter().map(|thread| thread.join().expect("a sequence fails; it is told above")).collect()
    });
    let (judged, seen) = counts.into_iter().fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1));
    assert!(judged * 2 < seen, "the test is about looks that judge little: {judged} judgements, {seen} sightings");
    println!("{judged} judgements of {seen} sightings");
}

/// The control of the test above: whatever the key forgets, it notices.
#[test]
fn a_key_that_forgets_anything_is_caught() {
    let caught = |part: Part| (0..3_000).find(|&seed| !holds(seed, &Dice(seed).edits(), &[part]));
    let all = [Part::Name, Part::Scope, Part::Tags, Part::Document, Part::Checks, Part::Exemptions, Part::Clock];
    let found = all.map(|part| (part, caught(part)));
    assert!(found.iter().all(|(_, seed)| seed.is_some()), "{found:?}");
    println!("{found:?}");
}
