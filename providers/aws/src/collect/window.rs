//! Reads the last stretch of a log as one document, for a run that looks once and keeps no watermark.

use std::collections::BTreeSet;

use events::document::{self, Limits, Seen};
use events::{EventSource, Span, Window, settle};
use inventory::Resource;
use jiff::Timestamp;

use super::Job;
use crate::events::{LookupEvents, WORDS};
use crate::kind::WindowOf;

/// What happened in the job's place. What could not be read is in the document, as a gap.
pub(super) async fn resource(job: &Job, of: &WindowOf) -> Resource {
    let now = Timestamp::now();
    let to = now.checked_sub(of.settle).unwrap_or(Timestamp::MIN);
    let span = Span { from: to.checked_sub(of.length).unwrap_or(Timestamp::MIN), to };
    let window = Window { span, since: span.from, lost: None };
    let source = LookupEvents::new(job.run.caller.clone(), &job.scope.account, std::slice::from_ref(&job.region));
    let reading = source.read(&job.scope, &window).await;
    let ended = reading.ended.clone();
    let settled = settle(&window, reading, &BTreeSet::new());
    let seen = Seen { scope: &job.scope, span, events: &settled.fresh, ended: &ended };
    document::resource(&job.declaration.kind, &WORDS, &seen, &Limits::default(), now)
}
