//! What single items come to, looked at side by side: nothing here depends on which came first.

use inventory::{Gap, Item, KindId, Scope};
use jiff::Timestamp;

use super::{Fingerprint, Judge, Roll, Standing};
use crate::evaluate::EvaluateError;

/// Fewer items than this for each thread are not worth waking it.
const WORTH_A_THREAD: usize = 16;

/// What an item comes to, before anybody has counted it.
pub(super) enum Step {
    /// It lies where no subject may lie.
    Elsewhere,
    /// It is no subject, but it is there.
    NoSubject { kind: KindId, scope: Scope, subject: Fingerprint },
    /// It stands as it stands on the roll, at this position.
    Same { at: u32, collected: Timestamp },
    /// It was judged.
    Judged { standing: Box<Standing>, subject: Fingerprint, document: Vec<u8> },
    /// A list ended.
    Ended { kind: KindId, scope: Scope, outcome: Result<u64, Gap> },
}

/// The steps of the items, in their order.
pub(super) fn side_by_side(judge: &Judge, roll: &Roll, mut items: Vec<Item>, threads: usize) -> Vec<Result<Step, EvaluateError>> {
    let all = |items: Vec<Item>| items.into_iter().map(|item| judge.step(item, roll)).collect::<Vec<_>>();
    let threads = threads.min(items.len() / WORTH_A_THREAD).max(1);
    let share = items.len().div_ceil(threads);
    let others: Vec<Vec<Item>> = (1..threads).rev().map(|part| items.split_off(items.len().min(part * share))).collect();
    std::thread::scope(|scope| {
        let others: Vec<_> = others.into_iter().rev().map(|part| scope.spawn(move || all(part))).collect();
        let mut steps = all(items);
        others.into_iter().for_each(|part| steps.extend(part.join().expect("a check does not panic")));
        steps
    })
}
