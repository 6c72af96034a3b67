//! From the text of a cron expression to what it matches; each field is read by the package `cron`, alone first, so that errors name it.

use std::str::FromStr;

use cron::{Schedule, TimeUnitSpec};

use super::days::Days;
use super::explain::{FIELDS, Field, explain};
use super::weekday;
use crate::Wrong;

/// What an expression says.
pub(super) struct Read {
    pub(super) text: String,
    pub(super) days: Days,
    pub(super) times: Vec<i64>,
    pub(super) beat: bool,
}

const WRITE_FIVE: &str = "write minute, hour, day of month, month and day of week, such as `30 2 * * *`";

pub(super) fn read(text: &str) -> Result<Read, Wrong> {
    let fields = fields(text)?;
    let five = fields.len() == 5;
    let mut seven: Vec<String> = if five { vec!["0".to_owned()] } else { Vec::new() };
    for (field, written) in FIELDS[usize::from(five)..].iter().zip(&fields) {
        seven.push(checked(field, written, five)?);
    }
    if seven.len() == 6 {
        seven.push("*".to_owned());
    }
    let read = parsed(&seven).map_err(|error| Wrong::new("cron", format!("`{text}` is not understood: {error}"), WRITE_FIVE))?;
    let (of_month, of_week) = (&seven[3], if five { &fields[4] } else { &seven[5] });
    Ok(Read {
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        days: days(&read, five && !is_open(of_month) && !is_open(of_week)),
        times: times(&read),
        beat: read.hours().count() == 24,
    })
}

/// The words of the expression, shorthands written out.
fn fields(text: &str) -> Result<Vec<String>, Wrong> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let wrong = |what: String, fix: &str| Wrong::new("cron", what, fix);
    match words.as_slice() {
        [] => Err(wrong("the expression is empty".to_owned(), WRITE_FIVE)),
        [shorthand] if shorthand.starts_with('@') => match written_out(shorthand) {
            Some(five) => Ok(five.split(' ').map(str::to_owned).collect()),
            None => Err(wrong(
                format!("`{shorthand}` is no shorthand"),
                "use `@hourly`, `@daily`, `@weekly`, `@monthly` or `@yearly`, or `every = \"6h\"`",
            )),
        },
        [first, ..] if first.starts_with("TZ=") || first.starts_with("CRON_TZ=") => {
            Err(wrong("the zone stands in the expression".to_owned(), "give it as `zone = \"Europe/Berlin\"`"))
        }
        [_, _, _, _, _] | [_, _, _, _, _, _] | [_, _, _, _, _, _, _] => Ok(words.into_iter().map(str::to_owned).collect()),
        other => Err(wrong(format!("`{text}` has {} fields", other.len()), "write five, or six or seven with the second first")),
    }
}

fn written_out(shorthand: &str) -> Option<&'static str> {
    match shorthand {
        "@hourly" => Some("0 * * * *"),
        "@daily" | "@midnight" => Some("0 0 * * *"),
        "@weekly" => Some("0 0 * * 0"),
        "@monthly" => Some("0 0 1 * *"),
        "@yearly" | "@annually" => Some("0 0 1 1 *"),
        _ => None,
    }
}

/// The field as the package is to read it, once the package has agreed to read it alone.
fn checked(field: &'static Field, written: &str, five: bool) -> Result<String, Wrong> {
    if five && field.is_weekday() {
        return weekday::of_crontab(written);
    }
    // Between other fields the package would let one word be two fields: `1*`. Alone among seven it cannot.
    let alone: Vec<String> = FIELDS.iter().map(|other| if std::ptr::eq(other, field) { written } else { "*" }.to_owned()).collect();
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '?' | '/' | ',' | '-');
    match written.chars().all(legal) && parsed(&alone).is_ok() {
        true => Ok(written.to_owned()),
        false => Err(explain(field, written)),
    }
}

fn parsed(seven: &[String]) -> Result<Schedule, String> {
    Schedule::from_str(&seven.join(" ")).map_err(|error| error.to_string())
}

/// Whether crontab(5) takes the field as restricting nothing.
fn is_open(field: &str) -> bool {
    field.starts_with(['*', '?'])
}

fn days(read: &Schedule, either: bool) -> Days {
    let years = read.years();
    Days {
        of_month: read.days_of_month().iter().fold(0, |bits, day| bits | 1 << day),
        months: read.months().iter().fold(0, |bits, month| bits | 1 << month),
        // The package counts from Sunday, 1.
        of_week: read.days_of_week().iter().fold(0, |bits, day| bits | 1 << (day - 1)),
        either,
        // The package knows the years from 1970 to 2100; all of them stands for any.
        years: (!years.is_all()).then(|| years.iter().filter_map(|year| i16::try_from(year).ok()).collect()),
    }
}

fn times(read: &Schedule) -> Vec<i64> {
    let mut times = Vec::new();
    for hour in read.hours().iter() {
        for minute in read.minutes().iter() {
            let minute = i64::from(hour) * 3_600 + i64::from(minute) * 60;
            times.extend(read.seconds().iter().map(|second| minute + i64::from(second)));
        }
    }
    times
}
