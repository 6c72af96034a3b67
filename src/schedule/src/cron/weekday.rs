//! Days of the week as crontab(5) counts them (Sunday 0 or 7), turned into those of the package (Sunday 1).
//!
//! A range may cross the end of the package's week (`5-7` is Friday to Sunday), so it is written out day by day.

use std::collections::BTreeSet;

use super::explain::{CRONTAB_WEEKDAY, explain};
use crate::Wrong;

/// The field as the package reads it.
pub(super) fn of_crontab(written: &str) -> Result<String, Wrong> {
    if matches!(written, "*" | "?") {
        return Ok("*".to_owned());
    }
    let days: Option<Vec<BTreeSet<u32>>> = written.split(',').map(days_of).collect();
    let Some(days) = days else { return Err(explain(&CRONTAB_WEEKDAY, written)) };
    let days: BTreeSet<u32> = days.into_iter().flatten().map(|day| day % 7 + 1).collect();
    Ok(days.iter().map(u32::to_string).collect::<Vec<_>>().join(","))
}

/// The days of one item, from 0 to 7; `None` if it is not understood.
fn days_of(item: &str) -> Option<BTreeSet<u32>> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(CRONTAB_WEEKDAY.number(step)?)),
        None => (item, None),
    };
    let (first, last) = match (range, range.split_once('-')) {
        ("*" | "?", _) => (0, 6),
        (_, Some((first, last))) => (CRONTAB_WEEKDAY.value(first)?, end(CRONTAB_WEEKDAY.value(last)?, first, last)?),
        (single, None) if step.is_some() => (CRONTAB_WEEKDAY.value(single)?, 6),
        (single, None) => (CRONTAB_WEEKDAY.value(single)?, CRONTAB_WEEKDAY.value(single)?),
    };
    let step = step.unwrap_or(1);
    let right = first <= last && (1..=7).contains(&step);
    right.then(|| (first..=last).step_by(step as usize).collect())
}

/// The end of a range: Sunday by name ends a week where something else begins it (`fri-sun`).
fn end(value: u32, first: &str, last: &str) -> Option<u32> {
    let named = last.starts_with(|c: char| c.is_ascii_alphabetic());
    let from = CRONTAB_WEEKDAY.value(first)?;
    Some(if named && value == 0 && from > 0 { 7 } else { value })
}
