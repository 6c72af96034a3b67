//! The one part that waits: runs the providers side by side and feeds what they read to the evaluator.

use std::sync::Arc;

use inventory::{CollectError, Item, Provider, Resource, Want};

use crate::evaluate::{EvaluateError, Evaluator};
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
/// `watch` is told of every item (for progress), `keep` of every document. Evaluation has a thread of its own, so that
/// waiting and judging overlap.
///
/// # Errors
/// If a provider cannot start or contradicts itself. A read that fails is not an error.
pub async fn collect(
    providers: &[(Arc<dyn Provider>, Vec<Want>)],
    evaluator: Evaluator<'_>,
    watch: &mut (dyn FnMut(&Item) + Send),
    keep: &mut (dyn FnMut(&Resource, &[u8]) + Send),
) -> Result<Seen, Collected> {
    let (sink, items) = tokio::sync::mpsc::channel(WAITING);
    let mut reading = tokio::task::JoinSet::new();
    for (provider, wants) in providers {
        let (provider, wants, sink) = (Arc::clone(provider), wants.clone(), sink.clone());
        reading.spawn(async move { provider.collect(&wants, sink).await });
    }
    drop(sink);
    let seen = std::thread::scope(|threads| {
        let judging = threads.spawn(move || judge(items, evaluator, watch, keep));
        tokio::task::block_in_place(|| judging.join().expect("the evaluator does not panic"))
    });
    while let Some(ended) = reading.join_next().await {
        match ended.expect("a provider does not panic") {
            Ok(()) => {}
            // When the evaluator gave up, the providers only saw their receiver go; its reason is the one to tell.
            Err(CollectError::Stopped) if seen.is_err() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(seen?.finish()?)
}

fn judge<'a>(
    mut items: tokio::sync::mpsc::Receiver<Item>,
    mut evaluator: Evaluator<'a>,
    watch: &mut (dyn FnMut(&Item) + Send),
    keep: &mut (dyn FnMut(&Resource, &[u8]) + Send),
) -> Result<Evaluator<'a>, EvaluateError> {
    while let Some(item) = items.blocking_recv() {
        watch(&item);
        evaluator.take(item, &mut |resource, bytes| keep(resource, bytes))?;
    }
    Ok(evaluator)
}
