//! Lists one kind in one place, page by page, and lets each resource be detailed while the next page comes.

use std::sync::Arc;

use inventory::{CollectError, Gap, Item};
use serde_json::{Map, Value};
use tokio::task::JoinSet;

use super::{Job, document, gap, send, window};
use crate::kind::List;
use crate::kind::path::{Names, flatten};

/// Reads the list to its end and says how it ended.
pub(super) async fn run(job: Arc<Job>) -> Result<(), CollectError> {
    let mut detailing = JoinSet::new();
    let mut count = 0;
    let ended = match (&job.declaration.list, &job.declaration.window) {
        (None, Some(window)) => {
            count = 1;
            send(&job.run.sink, Item::Resource(window::resource(&job, window).await)).await?;
            Ok(())
        }
        (None, None) => {
            count = 1;
            spawn(&job, Map::new(), &mut detailing).await?;
            Ok(())
        }
        (Some(list), _) => pages(&job, list, &mut count, &mut detailing).await?,
    };
    while let Some(done) = detailing.join_next().await {
        done.expect("a detail does not panic")?;
    }
    let (kind, scope) = (job.declaration.kind.clone(), job.scope.clone());
    let item = match ended {
        Ok(()) => Item::Listed { kind, scope, count },
        Err(gap) => Item::Gap { kind, scope, gap },
    };
    send(&job.run.sink, item).await
}

type Detailing = JoinSet<Result<(), CollectError>>;

async fn pages(job: &Arc<Job>, list: &List, count: &mut u64, detailing: &mut Detailing) -> Result<Result<(), Gap>, CollectError> {
    let call = &list.call;
    let malformed = |what: String| Gap::new(call.action(), "Malformed").with_detail(what);
    let nothing = Map::new();
    let names = Names {
        partition: &job.run.identity.partition,
        account: &job.run.identity.account,
        region: &job.region,
        document: &nothing,
        each: None,
    };
    let input =
        match list.input.iter().map(|(name, value)| Ok((name.clone(), names.fill_value(value)?))).collect::<Result<Map<_, _>, String>>() {
            Ok(input) => Value::Object(input),
            Err(name) => return Ok(Err(malformed(format!("`{name}` is not known")))),
        };
    let mut pages = job.run.caller.pages(&job.region, &call.service, &call.operation, input);
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => return Ok(Err(gap(&error))),
        };
        let Some(items) = flatten(page, &list.items) else {
            return Ok(Err(malformed(format!("the answer has no `{}`", list.items))));
        };
        for item in items {
            let Value::Object(item) = item else { return Ok(Err(malformed("the list holds something that is no object".into()))) };
            *count += 1;
            spawn(job, item, detailing).await?;
        }
    }
    Ok(Ok(()))
}

/// Starts the detailing of one resource as soon as there is room for it, which is what keeps memory flat.
async fn spawn(job: &Arc<Job>, item: Map<String, Value>, detailing: &mut Detailing) -> Result<(), CollectError> {
    let room = Arc::clone(&job.detailing).acquire_owned().await.map_err(|_| CollectError::Stopped)?;
    let job = Arc::clone(job);
    detailing.spawn(async move {
        let resource = document::complete(&job, item).await;
        let sent = send(&job.run.sink, Item::Resource(resource)).await;
        drop(room);
        sent
    });
    while let Some(done) = detailing.try_join_next() {
        done.expect("a detail does not panic")?;
    }
    Ok(())
}
