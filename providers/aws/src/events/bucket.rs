//! The log files that a trail puts into a bucket, read with `ListObjectsV2` and `GetObject`: for accounts whose events are too many for
//! `LookupEvents`, and for windows older than ninety days.
//!
//! A trail writes a file when something happened and a digest every hour, so a window is complete when something newer than its end has
//! arrived. Files are named by when they were delivered, which is after what is in them.

use events::transport::body;
use events::{Event, EventSource, MOST_EVENTS, Reading, Window, covers};
use inventory::{Future, Gap, Scope};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use super::{FORMAT, SOURCE};
use crate::Caller;

const CALL: &str = "s3:GetObject";

/// A trail's bucket.
#[derive(Debug)]
pub struct LogBucket {
    caller: Caller,
    bucket: String,
    /// What stands before `AWSLogs/`, with its `/`, and the organization's id behind it where there is one.
    prefix: String,
    scopes: Vec<Scope>,
}

/// An object and when it was written.
struct Object {
    key: String,
    written: Timestamp,
}

impl LogBucket {
    /// The log in `bucket`; `prefix` is everything before the account's number, such as `AWSLogs/`.
    pub fn new(caller: Caller, bucket: impl Into<String>, prefix: impl Into<String>, scopes: Vec<Scope>) -> Self {
        Self { caller, bucket: bucket.into(), prefix: prefix.into(), scopes }
    }

    async fn read_window(&self, scope: &Scope, window: &Window) -> Reading {
        let mut events = Vec::new();
        match self.fill(scope, window, &mut events).await {
            Err(gap) => Reading::broken(events, gap),
            Ok(newest) if newest.is_none_or(|newest| newest < window.span.to) => {
                let gap =
                    Gap::new(CALL, "Silent").with_detail(format!("nothing newer than {} has arrived in `{}`", window.span.to, self.bucket));
                Reading::broken(events, gap)
            }
            Ok(_) => Reading::complete(events),
        }
    }

    /// When the newest object was written.
    async fn fill(&self, scope: &Scope, window: &Window, events: &mut Vec<Event>) -> Result<Option<Timestamp>, Gap> {
        let Some(region) = scope.region.as_deref() else {
            return Err(Gap::new(CALL, "Malformed").with_detail(format!("`{scope}` names no region, and log files lie by region")));
        };
        let mut newest = None;
        for day in days(window) {
            let below = |folder: &str| format!("{}{}/{folder}/{region}/{}", self.prefix, scope.account, day.strftime("%Y/%m/%d/"));
            for object in self.list(region, below("CloudTrail")).await? {
                newest = newest.max(Some(object.written));
                if object.written >= window.span.from && object.key.ends_with(".json.gz") {
                    self.read_object(region, &object.key, scope, window, events).await?;
                }
            }
            // Digests are written although nothing happened: that they come proves that the trail is alive.
            let digests = self.list(region, below("CloudTrail-Digest")).await?;
            newest = newest.max(digests.iter().map(|digest| digest.written).max());
        }
        Ok(newest)
    }

    async fn list(&self, region: &str, prefix: String) -> Result<Vec<Object>, Gap> {
        let mut pages = self.caller.pages(region, "s3", "ListObjectsV2", json!({ "Bucket": self.bucket, "Prefix": prefix }));
        let mut objects = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| error.to_gap())?;
            for object in page["Contents"].as_array().into_iter().flatten() {
                let written = object["LastModified"].as_str().and_then(|text| text.parse().ok());
                match (object["Key"].as_str(), written) {
                    (Some(key), Some(written)) => objects.push(Object { key: key.to_owned(), written }),
                    _ => return Err(Gap::new("s3:ListBucket", "Malformed").with_detail("an object without `Key` or `LastModified`")),
                }
            }
        }
        Ok(objects)
    }

    async fn read_object(&self, region: &str, key: &str, scope: &Scope, window: &Window, events: &mut Vec<Event>) -> Result<(), Gap> {
        let answer = self.caller.call(region, "s3", "GetObject", json!({ "Bucket": self.bucket, "Key": key })).await;
        let answer = answer.map_err(|error| error.to_gap())?;
        let malformed = |why: String| Gap::new(CALL, "Malformed").with_detail(format!("`{key}`: {why}"));
        let bytes = answer.get("Body").and_then(Value::as_str).ok_or_else(|| malformed("no body".into()))?;
        let bytes = aws_smithy_types::base64::decode(bytes).map_err(|error| malformed(error.to_string()))?;
        let pushed = body(&FORMAT, scope, &bytes).map_err(|error| malformed(error.to_gap(SOURCE).detail.unwrap_or_default()))?;
        if let Some(refused) = pushed.refused.first() {
            return Err(malformed(refused.to_string()));
        }
        events.extend(pushed.events.into_iter().filter(|event| window.span.holds(event.at) && covers(scope, &event.scope)));
        match events.len() > MOST_EVENTS {
            true => Err(Reading::too_many(CALL)),
            false => Ok(()),
        }
    }
}

/// The days whose folders can hold what is in the window, and the next, in which what comes after it proves that it is over.
fn days(window: &Window) -> impl Iterator<Item = Date> {
    let day = |at: Timestamp| TimeZone::UTC.to_datetime(at).date();
    let last = day(window.span.to).saturating_add(1.day());
    day(window.span.from).series(1.day()).take_while(move |day| *day <= last)
}

impl EventSource for LogBucket {
    fn name(&self) -> &str {
        SOURCE
    }

    fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    fn read<'a>(&'a self, scope: &'a Scope, window: &'a Window) -> Future<'a, Reading> {
        Box::pin(self.read_window(scope, window))
    }
}
