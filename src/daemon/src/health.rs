//! Alive and ready: what the loops and the parts say of themselves, and what is told of them. Judges by times it is given; asks nobody.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::Period;

/// What must be right before the daemon can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The configuration, the controls and the checks are loaded.
    Configuration,
    /// The ledger can be reached.
    Ledger,
    /// Every scope has been looked at since the start, or the ledger shows that it has been within its cadence.
    Coverage,
}

impl Part {
    /// All of them, in the order in which they come to be.
    pub const ALL: &[Part] = &[Part::Configuration, Part::Ledger, Part::Coverage];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Part::Configuration => "configuration",
            Part::Ledger => "ledger",
            Part::Coverage => "coverage",
        }
    }

    fn not_yet(self) -> &'static str {
        match self {
            Part::Configuration => "not loaded yet",
            Part::Ledger => "not opened yet",
            Part::Coverage => "nothing is assessed yet",
        }
    }
}

/// One reason why the daemon is not alive or not ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The loop or the part.
    pub part: String,
    /// Why.
    pub why: String,
}

/// The pulse of every loop and the state of every part.
#[derive(Debug)]
pub struct Health {
    limit: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    beats: BTreeMap<String, Instant>,
    parts: BTreeMap<Part, Result<(), String>>,
    stopping: bool,
}

impl Health {
    /// Nothing is ready, and no loop runs.
    pub fn new(beat_limit: Period) -> Self {
        let parts = Part::ALL.iter().map(|part| (*part, Err(part.not_yet().to_owned()))).collect();
        Self { limit: beat_limit.into(), state: Mutex::new(State { beats: BTreeMap::new(), parts, stopping: false }) }
    }

    /// A loop is alive at this moment. Its first beat makes it known.
    pub fn beat(&self, name: &str, now: Instant) {
        let mut state = self.locked();
        match state.beats.get_mut(name) {
            Some(last) => *last = now,
            None => drop(state.beats.insert(name.to_owned(), now)),
        }
    }

    /// A loop has ended as it should, and is no longer listened for.
    pub fn ended(&self, name: &str) {
        self.locked().beats.remove(name);
    }

    /// How a part is.
    pub fn set(&self, part: Part, state: Result<(), String>) {
        self.locked().parts.insert(part, state);
    }

    /// The daemon ends: no longer ready, whatever the parts say.
    pub fn stopping(&self) {
        self.locked().stopping = true;
    }

    /// Why the daemon is not alive; empty if it is.
    pub fn not_alive(&self, now: Instant) -> Vec<Reason> {
        let state = self.locked();
        let late = |(name, last): (&String, &Instant)| {
            let silent = now.saturating_duration_since(*last);
            (silent > self.limit).then(|| Reason {
                part: name.clone(),
                why: format!("no beat for {} s; the limit is {} s", silent.as_secs(), self.limit.as_secs()),
            })
        };
        state.beats.iter().filter_map(late).collect()
    }

    /// Why the daemon is not ready; empty if it is.
    pub fn not_ready(&self) -> Vec<Reason> {
        let state = self.locked();
        let stopping = state.stopping.then(|| Reason { part: "daemon".into(), why: "stopping".into() });
        let missing = state.parts.iter().filter_map(|(part, state)| {
            let why = state.as_ref().err()?.clone();
            Some(Reason { part: part.name().into(), why })
        });
        stopping.into_iter().chain(missing).collect()
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        // Every change is one insertion, so what a panicked thread leaves is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Health, Part};
    use crate::Period;

    #[test]
    fn a_loop_that_is_silent_for_too_long_is_not_alive() {
        let health = Health::new(Period::seconds(60));
        let start = Instant::now();
        assert_eq!(health.not_alive(start), [], "no loop, nothing stuck");
        health.beat("ticks", start);
        health.beat("alerts", start + Duration::from_secs(50));
        assert_eq!(health.not_alive(start + Duration::from_secs(60)), []);
        let reasons = health.not_alive(start + Duration::from_secs(61));
        assert_eq!((reasons.len(), reasons[0].part.as_str()), (1, "ticks"));
        assert_eq!(reasons[0].why, "no beat for 61 s; the limit is 60 s");
        health.ended("ticks");
        assert_eq!(health.not_alive(start + Duration::from_secs(61)), []);
    }

    #[test]
    fn it_is_ready_when_every_part_is_and_says_what_is_missing() {
        let health = Health::new(Period::seconds(60));
        assert_eq!(health.not_ready().len(), Part::ALL.len());
        Part::ALL.iter().for_each(|part| health.set(*part, Ok(())));
        assert_eq!(health.not_ready(), []);
        health.set(Part::Ledger, Err("the database does not answer".into()));
        assert_eq!((health.not_ready()[0].part.as_str(), health.not_ready().len()), ("ledger", 1));
        health.set(Part::Ledger, Ok(()));
        health.stopping();
        assert_eq!(health.not_ready()[0].why, "stopping");
    }
}
