//! Nothing ends before it begins, and no observation expires before it was made.

use super::Problem;
use crate::DateTime;
use crate::validate::walk::Place;

pub(super) fn check(place: &Place<'_>, problems: &mut Vec<Problem>) {
    for (first, second) in [("collected", "expires"), ("start", "end")] {
        let instant = |field: &str| place.text(field)?.parse::<DateTime>().ok().map(|time| time.timestamp());
        let (Some(earlier), Some(later)) = (instant(first), instant(second)) else { continue };
        if later < earlier {
            problems.push(Problem {
                pointer: format!("{}/{second}", place.pointer),
                constraint: "time-order",
                message: format!("`{second}` is before `{first}`"),
                fix: format!("set `{second}` to the time of `{first}` or a later one"),
            });
        }
    }
}
