//! The fields of a cron expression, and what is wrong with one that cannot be read.

use crate::Wrong;

/// A field: what it is called, its numbers and its names.
pub(super) struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    /// The names of its values, beginning with the value `first_named`.
    names: &'static [&'static str],
    first_named: u32,
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fn numbers(name: &'static str, low: u32, high: u32) -> Field {
    Field { name, low, high, names: &[], first_named: low }
}

/// The seven fields, in the order of the package.
pub(super) static FIELDS: [Field; 7] = [
    numbers("second", 0, 59),
    numbers("minute", 0, 59),
    numbers("hour", 0, 23),
    numbers("day of month", 1, 31),
    Field { name: "month", low: 1, high: 12, names: MONTHS, first_named: 1 },
    Field { name: "day of week", low: 1, high: 7, names: WEEKDAYS, first_named: 1 },
    numbers("year", 1970, 2100),
];

/// The last of five fields.
pub(super) static CRONTAB_WEEKDAY: Field = Field { name: "day of week", low: 0, high: 7, names: WEEKDAYS, first_named: 0 };

impl Field {
    pub(super) fn is_weekday(&self) -> bool {
        self.name == CRONTAB_WEEKDAY.name
    }

    /// The number that is written, whatever its size.
    pub(super) fn number(&self, text: &str) -> Option<u32> {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
    }

    /// The value of a number or a name of this field; names may be written out (`monday`).
    pub(super) fn value(&self, text: &str) -> Option<u32> {
        let text = text.to_ascii_lowercase();
        let in_range = |number: &u32| (self.low..=self.high).contains(number);
        self.number(&text).filter(in_range).or_else(|| {
            let long = LONG.iter().find(|(long, _)| *long == text).map_or(text.as_str(), |(_, short)| short);
            let at = self.names.iter().position(|name| *name == long)?;
            u32::try_from(at).ok().map(|at| at + self.first_named)
        })
    }

    fn example(&self) -> String {
        match self.names {
            [first, second, .., last] => format!("`{first}`, `{first},{last}` or `{second}-{last}`"),
            _ => format!("`*`, `{0}`, `{0}-{1}`, `{0},{1}` or `*/2`", self.low, self.low + 3),
        }
    }
}

/// Names written out.
const LONG: &[(&str, &str)] = &[
    ("sunday", "sun"),
    ("monday", "mon"),
    ("tues", "tue"),
    ("tuesday", "tue"),
    ("wednesday", "wed"),
    ("thurs", "thu"),
    ("thursday", "thu"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
];

/// What is wrong with a field that could not be read.
pub(super) fn explain(field: &Field, written: &str) -> Wrong {
    let (what, fix) = written
        .split(',')
        .find_map(|item| trouble(field, item))
        .unwrap_or_else(|| (format!("`{written}` is not understood"), format!("write {}", field.example())));
    Wrong::new("cron", format!("{}: {what}", field.name), fix)
}

/// What is wrong with one item of a list, and what to do; `None` if it looks right.
fn trouble(field: &Field, item: &str) -> Option<(String, String)> {
    if item.is_empty() {
        return Some(("a list has an empty item".to_owned(), "take out the extra comma".to_owned()));
    }
    let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
    if let Some(wrong) = step.and_then(|step| wrong_step(field, step)) {
        return Some(wrong);
    }
    if matches!(range, "*" | "?") {
        return None;
    }
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    match (field.value(first), field.value(last)) {
        (None, _) => Some(wrong_value(field, first)),
        (_, None) => Some(wrong_value(field, last)),
        (Some(low), Some(high)) if low > high => {
            let two = format!("write two, such as `{low}-{},{}-{high}`", field.high, field.low);
            Some((format!("the range `{range}` runs backwards"), two))
        }
        (Some(_), Some(_)) => None,
    }
}

fn wrong_step(field: &Field, step: &str) -> Option<(String, String)> {
    let fix = || format!("write a step from 1 to {}", field.high);
    match field.number(step) {
        None => Some((format!("the step `{step}` is no number"), fix())),
        Some(0) => Some(("a step of 0 never moves".to_owned(), fix())),
        Some(wide) if wide > field.high => Some((format!("the step {wide} is wider than the field"), fix())),
        Some(_) => None,
    }
}

fn wrong_value(field: &Field, value: &str) -> (String, String) {
    let range = format!("{} to {}", field.low, field.high);
    match (field.number(value), field.names) {
        (Some(_), _) => (format!("`{value}` is not one of {range}"), format!("write {}", field.example())),
        (None, []) => (format!("`{value}` is no number"), format!("write {}, from {range}", field.example())),
        (None, [first, .., last]) | (None, [first @ last]) => {
            (format!("`{value}` is neither a number from {range} nor a name"), format!("names are `{first}` to `{last}`"))
        }
    }
}
