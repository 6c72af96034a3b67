//! Reads kinds as their declarations say: lists, asks for details, joins, derives, and sends each resource on its way at once.
//!
//! A read that fails is a gap where it was asked for; nothing here has a default.

mod detail;
mod document;
mod list;
mod memo;
mod window;

pub use document::tags_of;

use std::collections::BTreeSet;
use std::sync::Arc;

use inventory::{CollectError, Gap, Item, Reach, Scope, Sink, Want};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::kind::{Declaration, declarations, needed};
use crate::{CallError, Caller, Identity};

/// How many resources of one list are being detailed at a time; the caller limits each action by itself.
const DETAILING: usize = 16;

/// How many lists are being read at a time.
const LISTING: usize = 16;

/// The members of an answer that tell where its page ends, and nothing about the account.
pub(crate) const PAGING: &[&str] = &["IsTruncated", "Marker", "NextToken", "NextMarker", "Truncated"];

/// What all reads of one run share.
pub(crate) struct Run {
    caller: Caller,
    identity: Identity,
    memo: memo::Memo,
    sink: Sink,
}

/// One kind in one place.
struct Job {
    run: Arc<Run>,
    declaration: &'static Declaration,
    scope: Scope,
    /// Where the calls go.
    region: String,
    fields: BTreeSet<String>,
    detailing: Arc<Semaphore>,
}

/// Reads every wanted kind everywhere.
pub(crate) async fn collect(
    caller: &Caller,
    identity: &Identity,
    regions: &[String],
    wants: &[Want],
    sink: Sink,
) -> Result<(), CollectError> {
    let account = Scope::account("aws", &identity.account);
    let run = Arc::new(Run { caller: caller.clone(), identity: identity.clone(), memo: memo::Memo::default(), sink });
    let wanted: Vec<(&'static Declaration, BTreeSet<String>)> = wants
        .iter()
        .filter_map(|want| {
            declarations().iter().find(|declaration| declaration.kind == want.kind).map(|found| (found, needed(found, &want.fields)))
        })
        .collect();
    let regional = wanted.iter().any(|(declaration, _)| declaration.reach == Reach::Regional);
    let regions = if regional { regions_of(caller, regions).await } else { Ok(Vec::new()) };
    let listing = Arc::new(Semaphore::new(LISTING));
    let mut jobs = JoinSet::new();
    for (declaration, fields) in wanted {
        let places = match (declaration.reach, &regions) {
            (Reach::Global, _) => vec![(account.clone(), caller.home_region().to_owned())],
            (Reach::Regional, Ok(regions)) => regions.iter().map(|region| (account.region(region), region.clone())).collect(),
            (Reach::Regional, Err(gap)) => {
                send(&run.sink, Item::Gap { kind: declaration.kind.clone(), scope: account.clone(), gap: gap.clone() }).await?;
                Vec::new()
            }
        };
        for (scope, region) in places {
            let (listing, detailing) = (Arc::clone(&listing), Arc::new(Semaphore::new(DETAILING)));
            let job = Job { run: Arc::clone(&run), declaration, scope, region, fields: fields.clone(), detailing };
            jobs.spawn(async move {
                let _turn = listing.acquire_owned().await.map_err(|_| CollectError::Stopped)?;
                list::run(Arc::new(job)).await
            });
        }
    }
    while let Some(ended) = jobs.join_next().await {
        ended.expect("a list does not panic")?;
    }
    Ok(())
}

/// The regions to look at: those that were named, or all that are enabled.
async fn regions_of(caller: &Caller, named: &[String]) -> Result<Vec<String>, Gap> {
    if !named.is_empty() {
        // A region that is named twice is still one place, and ends once.
        return Ok(named.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect());
    }
    caller.enabled_regions().await.map_err(|error| gap(&error))
}

/// What a failed call leaves behind, in causes that do not depend on how a service words them.
fn gap(error: &CallError) -> Gap {
    error.to_gap()
}

async fn send(sink: &Sink, item: Item) -> Result<(), CollectError> {
    sink.send(item).await.map_err(|_| CollectError::Stopped)
}
