//! One look at everything: takes what providers send in any order, has judged what is not known as it is, and finds what is gone.
//! Nothing is dropped: lists must add up, and every planned check has one verdict on every resource that was sent.

use std::collections::BTreeMap;

use inventory::{Gap, Item, KindId, Scope};
use jiff::Timestamp;

use super::looked::Mark;
use super::roll::Entry;
use super::step::{Step, side_by_side};
use super::{Change, Fingerprint, Gone, Judge, Judged, Known, Listed, Looked, Reread, Roll, Sighting};
use crate::evaluate::EvaluateError;

/// A look that goes on.
pub struct Pass<'a> {
    judge: Judge<'a>,
    roll: Roll,
    threads: usize,
    /// By position on the roll.
    marks: Vec<Mark>,
    /// By place: in what order kinds and scopes came does not matter.
    lists: BTreeMap<u32, List>,
}

#[derive(Default)]
struct List {
    sent: u64,
    unchanged: u64,
    ended: Option<Result<u64, Gap>>,
    closed: bool,
}

impl<'a> Pass<'a> {
    /// A pass that has seen nothing yet. The roll comes back when it ends.
    pub fn new(judge: Judge<'a>, roll: Roll) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let marks = vec![Mark::Unmet; roll.end()];
        Self { judge, roll, threads, marks, lists: BTreeMap::new() }
    }

    /// The same, judging on so many threads. What comes out is the same.
    #[must_use]
    pub fn on_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Who judges.
    pub fn judge(&self) -> &Judge<'a> {
        &self.judge
    }

    /// Tells under which number the store has a resource that it had not before, while the pass goes on.
    pub fn number(&mut self, subject: Fingerprint, row: u64) {
        self.roll.number(subject, row);
    }

    /// Takes one item, and tells what it changes.
    ///
    /// # Errors
    /// If the provider contradicts itself, or a recorded document cannot be opened.
    pub fn take(&mut self, item: Item, tell: &mut dyn FnMut(Change)) -> Result<(), EvaluateError> {
        self.take_all(vec![item], tell)
    }

    /// Takes items, judging them side by side, and tells what they change in the order in which they came; of lists last.
    ///
    /// # Errors
    /// If the provider contradicts itself, or a recorded document cannot be opened.
    pub fn take_all(&mut self, items: Vec<Item>, tell: &mut dyn FnMut(Change)) -> Result<(), EvaluateError> {
        let steps = side_by_side(&self.judge, &self.roll, items, self.threads);
        let mut touched = Vec::new();
        // A step may point at a position of the roll; what lists strike out comes after all of them.
        for step in steps {
            touched.extend(self.apply(step?, tell)?);
        }
        touched.into_iter().for_each(|place| self.close(place, tell));
        Ok(())
    }

    /// Takes a resource that was read by itself while the pass goes on. Its list counts it all the same.
    pub fn reread(&mut self, reread: Reread, tell: &mut dyn FnMut(Change)) {
        let position = self.roll.position(reread.subject());
        let Some(change) = super::reread(&self.judge, &mut self.roll, reread) else { return };
        match &change {
            Change::Unchanged(Sighting { subject, collected, .. }) => self.was_reread(*subject, *collected),
            Change::Judged(judged) => self.was_reread(judged.subject, judged.standing.collected),
            // Its place on the roll is free for another, which was not met yet.
            Change::Gone(_) => position.into_iter().for_each(|at| *self.mark_of(at) = Mark::Unmet),
            Change::Listed(_) => {}
        }
        tell(change);
    }

    /// Ends the pass: the roll as it is now, and what the pass came to.
    ///
    /// Where the provider's lists do not add up there is no result. What was told before stays true: somebody saw it.
    pub fn finish(mut self) -> (Roll, Result<Looked, EvaluateError>) {
        let result = self.lists_add_up().map(|()| {
            let listings = self.lists.keys().map(|&place| self.listed(place)).collect();
            Looked::of(&self.judge, &self.roll, std::mem::take(&mut self.marks), listings)
        });
        (self.roll, result)
    }

    fn apply(&mut self, step: Step, tell: &mut dyn FnMut(Change)) -> Result<Option<u32>, EvaluateError> {
        match step {
            Step::Elsewhere => Ok(None),
            Step::NoSubject { kind, scope, subject } => {
                if let Some(at) = self.roll.position(subject) {
                    *self.mark_of(at) = Mark::Met;
                }
                Ok(Some(self.sent(&kind, &scope)))
            }
            Step::Same { at, collected } => {
                let place = self.roll.entry(at).place;
                self.same(place, at, collected, tell);
                self.lists.entry(place).or_default().sent += 1;
                Ok(Some(place))
            }
            Step::Judged { standing, subject, document } => {
                let place = self.sent(&standing.kind, &standing.scope);
                self.judged(Judged { standing: *standing, subject, before: None, document }, tell);
                Ok(Some(place))
            }
            Step::Ended { kind, scope, outcome } => self.end(kind, scope, outcome).map(Some),
        }
    }

    fn same(&mut self, place: u32, at: u32, collected: Timestamp, tell: &mut dyn FnMut(Change)) {
        match *self.mark_of(at) {
            // A list that changes while it is paged can name a resource twice; it is still one resource.
            Mark::Seen(_) | Mark::Met => return,
            Mark::Unmet | Mark::Reread(_) => *self.mark_of(at) = Mark::Seen(collected),
        }
        self.lists.entry(place).or_default().unchanged += 1;
        let Entry { subject, row, .. } = *self.roll.entry(at);
        tell(Change::Unchanged(Sighting { subject, row, collected }));
    }

    fn judged(&mut self, mut judged: Judged, tell: &mut dyn FnMut(Change)) {
        let collected = judged.standing.collected;
        if let Some(at) = self.roll.position(judged.subject) {
            match *self.mark_of(at) {
                Mark::Seen(_) | Mark::Met => return,
                // The list was read before the resource was read again by itself.
                Mark::Reread(later) if later > collected => return *self.mark_of(at) = Mark::Seen(later),
                Mark::Unmet | Mark::Reread(_) => {}
            }
        }
        judged.before = put(&mut self.roll, &judged);
        let at = self.roll.position(judged.subject).expect("it was just put there");
        *self.mark_of(at) = Mark::Seen(collected);
        tell(Change::Judged(Box::new(judged)));
    }

    fn was_reread(&mut self, subject: Fingerprint, collected: Timestamp) {
        let at = self.roll.position(subject).expect("what was found is on the roll");
        let mark = self.mark_of(at);
        *mark = match *mark {
            Mark::Seen(_) => Mark::Seen(collected),
            Mark::Unmet | Mark::Met | Mark::Reread(_) => Mark::Reread(collected),
        };
    }

    fn mark_of(&mut self, at: u32) -> &mut Mark {
        if self.marks.len() <= at as usize {
            self.marks.resize(self.roll.end().max(at as usize + 1), Mark::Unmet);
        }
        &mut self.marks[at as usize]
    }

    /// Counts a resource that its list will have to count too.
    fn sent(&mut self, kind: &KindId, scope: &Scope) -> u32 {
        let place = self.roll.place(kind, scope);
        self.lists.entry(place).or_default().sent += 1;
        place
    }

    fn end(&mut self, kind: KindId, scope: Scope, outcome: Result<u64, Gap>) -> Result<u32, EvaluateError> {
        let place = self.roll.place(&kind, &scope);
        match self.lists.entry(place).or_default().ended.replace(outcome) {
            None => Ok(place),
            Some(_) => Err(EvaluateError::EndedTwice { kind, scope }),
        }
    }

    /// Tells the end of a list once everything that it counts has come.
    fn close(&mut self, place: u32, tell: &mut dyn FnMut(Change)) {
        let Some(list) = self.lists.get_mut(&place) else { return };
        let whole = match &list.ended {
            Some(Ok(said)) => *said == list.sent,
            Some(Err(_)) => true,
            None => false,
        };
        if list.closed || !whole {
            return;
        }
        list.closed = true;
        let strikes = list.ended.as_ref().is_some_and(Result::is_ok);
        let marks = &mut self.marks;
        let met = |at: u32| marks.get(at as usize).is_some_and(|mark| *mark != Mark::Unmet);
        let gone = if strikes { self.roll.strike_unmet(place, &met) } else { Vec::new() };
        let gone = gone.into_iter().map(|Entry { subject, row, .. }| Gone { subject, row }).collect();
        tell(Change::Listed(Listed { gone, ..self.listed(place) }));
    }

    fn listed(&self, place: u32) -> Listed {
        let (kind, scope) = self.roll.named(place).clone();
        let list = &self.lists[&place];
        let outcome = list.ended.clone().expect("only a list that ended is told of");
        Listed { kind, scope, outcome, unchanged: list.unchanged, gone: Vec::new() }
    }

    fn lists_add_up(&self) -> Result<(), EvaluateError> {
        for (&place, list) in &self.lists {
            let (kind, scope) = self.roll.named(place).clone();
            match &list.ended {
                None => return Err(EvaluateError::Unended { kind, scope }),
                Some(Ok(said)) if *said != list.sent => {
                    return Err(EvaluateError::Miscounted { kind, scope, said: *said, sent: list.sent });
                }
                Some(Ok(_) | Err(_)) => {}
            }
        }
        let mentioned = |kind: &KindId| self.lists.keys().any(|&place| self.roll.named(place).0 == *kind);
        match self.judge.plan().kinds().find(|kind| !mentioned(kind)) {
            Some(_) if self.lists.is_empty() && self.judge.subjects().are_limited() => Err(EvaluateError::NoSubjects),
            Some(kind) => Err(EvaluateError::Unmentioned(kind.clone())),
            None => Ok(()),
        }
    }
}

/// Puts a resource on the roll as it was judged; returns the number that the store has for it.
pub(super) fn put(roll: &mut Roll, judged: &Judged) -> Option<u64> {
    let row = roll.position(judged.subject).map_or(0, |at| roll.entry(at).row);
    roll.put(Known { subject: judged.subject, ..Known::of(&judged.standing, row) });
    (row != 0).then_some(row)
}
