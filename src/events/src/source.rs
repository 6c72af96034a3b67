//! Where events come from: read a window in a place, and say how it ended.

use inventory::{Future, Gap, Scope};

use crate::{Event, Window};

/// How many events one reading may hold: with their records they are some hundred megabytes at most. A source that has more says so; the caller then reads half the window.
pub const MOST_EVENTS: usize = 20_000;

/// How a reading ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The source was read to the end of the window.
    Complete,
    /// It was not, and why: what else happened there is unknown, never "nothing".
    Gap(Gap),
}

/// What was read of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The events, in any order, repetitions and strays included.
    pub events: Vec<Event>,
    /// How it ended.
    pub ended: Ended,
}

impl Reading {
    /// Everything in the window.
    pub fn complete(events: Vec<Event>) -> Self {
        Self { events, ended: Ended::Complete }
    }

    /// Some of it, perhaps none, and why not all.
    pub fn broken(events: Vec<Event>, gap: Gap) -> Self {
        Self { events, ended: Ended::Gap(gap) }
    }

    /// The gap of a window that holds more than one reading may.
    pub fn too_many(action: &str) -> Gap {
        Gap::new(action, "TooMany").with_detail(format!("more than {MOST_EVENTS} events in one window; shorter windows are read instead"))
    }
}

/// A log of events that can be read again. It reads; it never judges.
///
/// What is only pushed (a webhook) is no source in this sense: nobody can tell whether it was pushed to its end. It feeds hints.
pub trait EventSource: Send + Sync {
    /// Its name, such as `aws.cloudtrail`; with a scope it is what a watermark belongs to.
    fn name(&self) -> &str;

    /// The places it can be read in, one watermark each.
    fn scopes(&self) -> &[Scope];

    /// Reads a window in one of its scopes. `Complete` is a promise: nothing else happened in the window.
    fn read<'a>(&'a self, scope: &'a Scope, window: &'a Window) -> Future<'a, Reading>;
}

/// Whether what happened at `place` belongs to what is read at `scope`: the whole account, or its one region.
pub fn covers(scope: &Scope, place: &Scope) -> bool {
    scope.provider == place.provider && scope.account == place.account && (scope.region.is_none() || scope.region == place.region)
}
