//! The one part that waits: runs the providers side by side and feeds what they read to the evaluator.

use std::sync::Arc;

use inventory::{CollectError, Item, Provider, Want};

use crate::evaluate::{EvaluateError, Evaluator};
use crate::incremental::{Change, Pass, Standing};
use crate::seen::Seen;

/// How many items may wait for the evaluator. Enough to keep it busy, too few to hold an account.
const WAITING: usize = 256;

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum Collected {
    /// A provider could not even start.
    #[error(transparent)]
    Provider(#[from] CollectError),
    /// A provider contradicted itself.
    #[error("a provider broke its promise")]
    Promise(#[from] EvaluateError),
}

/// Lets every provider read what it is wanted for, judges it as it comes, and returns what was seen.
///
/// `watch` is told of every item (for progress), `keep` of every document.
///
/// # Errors
/// If a provider cannot start or contradicts itself. A read that fails is not an error.
pub async fn collect(
    providers: &[(Arc<dyn Provider>, Vec<Want>)],
    mut evaluator: Evaluator<'_>,
    watch: &mut (dyn FnMut(&Item) + Send),
    keep: &mut (dyn FnMut(&Standing, &[u8]) + Send),
) -> Result<Seen, Collected> {
    read(providers, watch, &mut |items| evaluator.take_all(items, keep)).await?;
    Ok(evaluator.finish()?)
}

/// Lets every provider read what it is wanted for, and tells what that changes of what the pass knows. The pass is the caller's to end.
///
/// # Errors
/// If a provider cannot start or contradicts itself. A read that fails is not an error.
pub async fn look(
    providers: &[(Arc<dyn Provider>, Vec<Want>)],
    pass: &mut Pass<'_>,
    watch: &mut (dyn FnMut(&Item) + Send),
    tell: &mut (dyn FnMut(Change) + Send),
) -> Result<(), Collected> {
    read(providers, watch, &mut |items| pass.take_all(items, tell)).await
}

/// Judging has a thread of its own, so that waiting and judging overlap.
async fn read(
    providers: &[(Arc<dyn Provider>, Vec<Want>)],
    watch: &mut (dyn FnMut(&Item) + Send),
    take: &mut (dyn FnMut(Vec<Item>) -> Result<(), EvaluateError> + Send),
) -> Result<(), Collected> {
    let (sink, items) = tokio::sync::mpsc::channel(WAITING);
    let mut reading = tokio::task::JoinSet::new();
    for (provider, wants) in providers {
        let (provider, wants, sink) = (Arc::clone(provider), wants.clone(), sink.clone());
        reading.spawn(async move { provider.collect(&wants, sink).await });
    }
    drop(sink);
    let taken = std::thread::scope(|threads| {
        let judging = threads.spawn(move || take_as_they_come(items, watch, take));
        tokio::task::block_in_place(|| judging.join().expect("the evaluator does not panic"))
    });
    while let Some(ended) = reading.join_next().await {
        match ended.expect("a provider does not panic") {
            Ok(()) => {}
            // When the evaluator gave up, the providers only saw their receiver go; its reason is the one to tell.
            Err(CollectError::Stopped) if taken.is_err() => {}
            Err(error) => return Err(error.into()),
        }
    }
    match taken {
        Ok(()) => Ok(()),
        Err(EvaluateError::Damaged(source)) => Err(CollectError::Damaged { what: "the recording".into(), source: Box::new(source) }.into()),
        Err(error) => Err(error.into()),
    }
}

fn take_as_they_come(
    mut items: tokio::sync::mpsc::Receiver<Item>,
    watch: &mut (dyn FnMut(&Item) + Send),
    take: &mut (dyn FnMut(Vec<Item>) -> Result<(), EvaluateError> + Send),
) -> Result<(), EvaluateError> {
    loop {
        let mut some = Vec::with_capacity(WAITING);
        if items.blocking_recv_many(&mut some, WAITING) == 0 {
            return Ok(());
        }
        some.iter().for_each(&mut *watch);
        take(some)?;
    }
}
