//! CloudTrail's own memory of ninety days, asked with `LookupEvents`: it needs no trail, and its end is its end.

use events::{Ended, EventSource, MOST_EVENTS, Reading, Window};
use inventory::{Future, Gap, Scope};
use jiff::SignedDuration;
use serde_json::json;

use super::{SOURCE, event, lookup_records, pace::Pace};
use crate::Caller;

/// How long the service keeps events.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);

/// How long events take to appear, as the service describes it.
pub const SETTLE: SignedDuration = SignedDuration::from_mins(15);

const CALL: &str = "cloudtrail:LookupEvents";

/// The events of an account in its regions that change something.
#[derive(Debug)]
pub struct LookupEvents {
    caller: Caller,
    scopes: Vec<Scope>,
    pace: Pace,
}

impl LookupEvents {
    /// The log of `account` in these regions.
    pub fn new(caller: Caller, account: &str, regions: &[String]) -> Self {
        let account = Scope::account("aws", account);
        Self { caller, scopes: regions.iter().map(|region| account.region(region)).collect(), pace: Pace::default() }
    }

    async fn read_window(&self, scope: &Scope, window: &Window) -> Reading {
        let Some(region) = scope.region.as_deref() else {
            return Reading::broken(Vec::new(), malformed(format!("`{scope}` names no region, and CloudTrail is asked in each")));
        };
        // The service counts in seconds; what the edges catch too much is not in the window and is put aside later.
        let input = json!({
            "StartTime": window.span.from.to_string(),
            "EndTime": window.span.to.to_string(),
            "LookupAttributes": [{ "AttributeKey": "ReadOnly", "AttributeValue": "false" }],
            "MaxResults": 50,
        });
        let mut pages = self.caller.pages(region, "cloudtrail", "LookupEvents", input);
        let mut found = Vec::new();
        loop {
            self.pace.turn(CALL, region).await;
            let page = match pages.next().await {
                None => return Reading { events: found, ended: Ended::Complete },
                Some(Err(error)) => return Reading::broken(found, error.to_gap()),
                Some(Ok(page)) => page,
            };
            let records = match lookup_records(page) {
                Ok(records) => records,
                Err(why) => return Reading::broken(found, malformed(why)),
            };
            for record in records {
                match event(scope, record) {
                    Ok(event) => found.extend(event),
                    Err(why) => return Reading::broken(found, malformed(format!("a record has {why}"))),
                }
            }
            if found.len() > MOST_EVENTS {
                return Reading::broken(found, Reading::too_many(CALL));
            }
        }
    }
}

fn malformed(why: String) -> Gap {
    Gap::new(CALL, "Malformed").with_detail(why)
}

impl EventSource for LookupEvents {
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
