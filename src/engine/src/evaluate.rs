//! An assessment in memory: a pass that knows nothing beforehand, and all that it saw. Nothing is dropped: the totals are asserted.

use inventory::snapshot::SnapshotError;
use inventory::{Item, KindId, Scope};
use jiff::Timestamp;

use crate::exempt::Exemptions;
use crate::given::Subjects;
use crate::incremental::{Change, Gathering, Judge, Pass, Roll, Standing};
use crate::plan::Plan;
use crate::seen::Seen;

/// What a provider said that cannot be right.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// A scope was said to be listed and its resources do not add up.
    #[error("the provider listed {said} `{kind}` in {scope} and sent {sent}")]
    Miscounted {
        /// The kind.
        kind: KindId,
        /// Where.
        scope: Scope,
        /// What the provider said.
        said: u64,
        /// What came.
        sent: u64,
    },
    /// Resources came from a scope whose list never ended.
    #[error("the provider sent `{kind}` from {scope} and never said how the list ended")]
    Unended {
        /// The kind.
        kind: KindId,
        /// Where.
        scope: Scope,
    },
    /// A kind that was asked for was never mentioned.
    #[error("the provider never said how the list of `{0}` ended")]
    Unmentioned(KindId),
    /// Nothing that was read lies where the subjects may lie.
    #[error("none of the subjects of the plan lies in an account that was read")]
    NoSubjects,
    /// One list ended twice.
    #[error("the provider ended the list of `{kind}` in {scope} twice")]
    EndedTwice {
        /// The kind.
        kind: KindId,
        /// Where.
        scope: Scope,
    },
    /// A recorded document is none.
    #[error(transparent)]
    Damaged(#[from] SnapshotError),
}

/// Takes items in any order and judges them.
pub struct Evaluator<'a> {
    pass: Pass<'a>,
    gathering: Gathering<'a>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator that has seen nothing.
    pub fn new(plan: &'a Plan, exemptions: &'a Exemptions, now: Timestamp) -> Self {
        Self::by(Judge::new(plan, exemptions, now))
    }

    /// The same, judging these subjects only: what is not one of them was not planned, and counts nowhere.
    #[must_use]
    pub fn only(self, subjects: Subjects) -> Self {
        let judge = self.pass.judge();
        Self::by(Judge::new(judge.plan(), judge.exemptions(), judge.now()).only(subjects))
    }

    /// An evaluator that has seen nothing, and judges so.
    pub fn by(judge: Judge<'a>) -> Self {
        Self { gathering: Gathering::new(&judge), pass: Pass::new(judge, Roll::default()) }
    }

    /// Judges one item. `keep` is given the canonical document of each resource before it is let go.
    ///
    /// # Errors
    /// If the provider contradicts itself.
    pub fn take(&mut self, item: Item, keep: &mut dyn FnMut(&Standing, &[u8])) -> Result<(), EvaluateError> {
        self.take_all(vec![item], keep)
    }

    /// Judges items side by side.
    ///
    /// # Errors
    /// If the provider contradicts itself.
    pub fn take_all(&mut self, items: Vec<Item>, keep: &mut dyn FnMut(&Standing, &[u8])) -> Result<(), EvaluateError> {
        let gathering = &mut self.gathering;
        self.pass.take_all(items, &mut |change| match change {
            Change::Judged(judged) => {
                keep(&judged.standing, &judged.document);
                gathering.add(&judged.standing, judged.standing.collected).expect("it was judged by this very judge");
            }
            // Nothing is on the roll but what this pass judged.
            Change::Unchanged(_) | Change::Listed(_) | Change::Gone(_) => {}
        })
    }

    /// Everything that was seen, sorted by name.
    ///
    /// # Errors
    /// If the provider's lists do not add up.
    pub fn finish(mut self) -> Result<Seen, EvaluateError> {
        let (_, looked) = self.pass.finish();
        let looked = looked?;
        looked.listings.iter().for_each(|listed| self.gathering.list(listed));
        let seen = self.gathering.seen();
        assert_eq!(looked.tally.planned(), seen.outcomes.len() as u64, "every planned verdict is there, once");
        Ok(seen)
    }
}
