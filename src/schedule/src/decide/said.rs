//! What the record is told: one sentence for each reason.

use jiff::Timestamp;

use super::{Fate, Times};
use crate::{CatchUp, Length};

pub(super) const CATCHING_UP: &str = "missed ticks are made up for one after another, oldest first (`catch_up = \"all\"`)";

pub(super) fn behind(last: Timestamp, now: Timestamp) -> String {
    format!("the clock shows {now}, before the last recorded tick {last}: nothing starts until it has passed that again; check the clock")
}

pub(super) fn not_due(due: Timestamp) -> String {
    format!("due at {due}, by the jitter of the scope")
}

pub(super) fn missed(catch_up: CatchUp) -> String {
    match catch_up {
        CatchUp::None => "nobody looked in time, and nothing is made up for (`catch_up = \"none\"`)".to_owned(),
        CatchUp::Latest => "nobody looked in time, and only the newest is made up for (`catch_up = \"latest\"`)".to_owned(),
        CatchUp::All { at_most } => {
            format!("nobody looked in time, and only the newest {at_most} are made up for (`catch_up_at_most = {at_most}`)")
        }
    }
}

pub(super) fn over(until: Timestamp) -> String {
    format!("nobody looked in time, and its range ended at {until}")
}

pub(super) fn overlapped(running: Timestamp) -> String {
    format!("the tick of {running} was still running (`overlap = \"skip\"`)")
}

pub(super) fn replaced(running: Timestamp) -> String {
    format!("a newer tick waits in its place while the tick of {running} runs (`overlap = \"buffer-one\"`)")
}

pub(super) fn buffered(running: Timestamp) -> String {
    format!("waits until the tick of {running} has ended (`overlap = \"buffer-one\"`)")
}

pub(super) fn overtaken(by: Timestamp) -> String {
    format!("the tick of {by} was due already, and would have cancelled it (`overlap = \"cancel-previous\"`)")
}

pub(super) fn cancelled(by: Timestamp) -> String {
    format!("the tick of {by} is due and takes its place (`overlap = \"cancel-previous\"`)")
}

pub(super) fn started(due: Timestamp, late: i64) -> String {
    match Length::of_seconds(late) {
        None | Some(Length::ZERO) => format!("due at {due}"),
        Some(late) => format!("due at {due}, started {late} late"),
    }
}

pub(super) fn many(times: Times, fate: Fate, why: &str) -> String {
    let Times { first, last, count } = times;
    format!("{count} {} from {first} to {last}: {why}", fate.as_str())
}
