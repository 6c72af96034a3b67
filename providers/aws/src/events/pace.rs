//! Calls that are limited more tightly than a client's retries are made for: they are spaced.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// Calls a second, for one account and region. Source: CloudTrail User Guide, "Quotas in AWS CloudTrail".
pub const LIMITS: &[(&str, f64)] = &[("cloudtrail:LookupEvents", 2.0)];

/// Lets calls through one after the other, each limited one no earlier than its limit allows.
#[derive(Debug, Default)]
pub struct Pace {
    next: Mutex<HashMap<(String, &'static str), Instant>>,
}

impl Pace {
    /// Waits until `call` may be made in `region`.
    pub async fn turn(&self, call: &str, region: &str) {
        let Some((call, rate)) = LIMITS.iter().find(|(name, _)| *name == call) else { return };
        let mine = {
            let mut next = self.next.lock().await;
            let slot = next.entry((region.to_owned(), *call)).or_insert_with(Instant::now);
            let mine = (*slot).max(Instant::now());
            *slot = mine + Duration::from_secs_f64(1.0 / rate);
            mine
        };
        sleep_until(mine).await;
    }
}
