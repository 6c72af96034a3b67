//! A schedule as it stands in `config.toml`, as a `[[schedule]]` table.

use std::str::FromStr;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::every::second;
use crate::{Cadence, CatchUp, Cron, Every, Globs, Grace, Length, Once, Overlap, Schedule, What, Wrong};

/// A `[[schedule]]` table. It has exactly one of `every`, `cron` and `on`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Schedule")]
pub struct Table {
    /// What the record and people call it: letters, digits, `.`, `-` and `_`.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$"))]
    pub name: String,
    /// A period such as `6h`, `15m`, `1d`, `3 months` or `PT6H`, counted from 1970-01-01 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<String>,
    /// A cron expression: five fields as in crontab(5); six or seven with the second first and the year last, where Sunday is 1; or `@daily`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// The IANA time zone of `cron`, such as `Europe/Berlin`; absent means UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The one date and time at which it is due, with an offset, such as `2027-01-15T09:00:00+01:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub on: Option<String>,
    /// The end of the range that begins with `on`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
    /// Ticks are put off by less than this, each scope by its own share. Absent: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jitter: Option<String>,
    /// What happens with a tick that comes due while the last one still runs.
    #[serde(default)]
    pub overlap: Overlap,
    /// What happens with ticks whose time passed while nobody looked.
    #[serde(default)]
    pub catch_up: CatchUpWord,
    /// So many are made up for at most, where `catch_up` is `all`; absent means 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10000))]
    pub catch_up_at_most: Option<u32>,
    /// How long after the next tick is due results still stand; absent means a quarter of the time from tick to tick.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<String>,
    /// The profiles to assess, by name or glob; absent means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// The scopes to assess, by name or glob; absent means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The controls to assess, by id or glob; absent means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
}

/// What happens with ticks whose time passed while nobody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CatchUpWord {
    /// They are recorded as missed.
    None,
    /// The newest starts, late.
    #[default]
    Latest,
    /// They start, oldest first, as many as `catch_up_at_most` says.
    All,
}

impl CatchUpWord {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Latest, Self::All];

    /// The word that the configuration uses.
    pub fn as_str(self) -> &'static str {
        match self {
            CatchUpWord::None => "none",
            CatchUpWord::Latest => "latest",
            CatchUpWord::All => "all",
        }
    }
}

impl Table {
    /// A table with a name and nothing else, to be filled.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The schedule that is written here.
    ///
    /// # Errors
    /// Everything that is wrong, each under its key.
    pub fn schedule(&self) -> Result<Schedule, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let name = keep(self.name(), &mut wrong);
        let cadence = keep(self.cadence(), &mut wrong);
        let jitter = keep(length("jitter", self.jitter.as_deref()), &mut wrong).flatten().unwrap_or(Length::ZERO);
        let grace = keep(length("grace", self.grace.as_deref()), &mut wrong).flatten();
        let catch_up = keep(self.catch_up(), &mut wrong);
        let what = What {
            profiles: keep(Globs::new("profiles", &self.profiles), &mut wrong).unwrap_or_default(),
            scopes: keep(Globs::new("scopes", &self.scopes), &mut wrong).unwrap_or_default(),
            controls: keep(Globs::new("controls", &self.controls), &mut wrong).unwrap_or_default(),
        };
        if let Some(Cadence::Every(Every::Length(period))) = &cadence {
            wrong.extend((jitter >= *period).then(|| too_wide(jitter, *period)));
        }
        match (name, cadence, catch_up) {
            (Some(name), Some(cadence), Some(catch_up)) if wrong.is_empty() => {
                let grace = grace.map_or(Grace::Quarter, Grace::Length);
                Ok(Schedule { name, cadence, jitter, overlap: self.overlap, catch_up, what, grace })
            }
            _ => Err(wrong),
        }
    }

    fn name(&self) -> Result<String, Wrong> {
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let begins = self.name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        match begins && self.name.len() <= 64 && self.name.chars().all(legal) {
            true => Ok(self.name.clone()),
            false => Err(Wrong::new(
                "name",
                format!("`{}` is no name of a schedule", self.name.escape_debug()),
                "write up to 64 letters, digits, `.`, `-` and `_`, a letter or digit first",
            )),
        }
    }

    fn cadence(&self) -> Result<Cadence, Wrong> {
        let alone = |key: &'static str, value: &Option<String>, with: &str| match value {
            Some(_) => Err(Wrong::new(key, format!("it has a meaning only with `{with}`"), "remove it")),
            None => Ok(()),
        };
        let cadence = match (&self.every, &self.cron, &self.on) {
            (Some(every), None, None) => Cadence::Every(every.parse()?),
            (None, Some(cron), None) => Cadence::Cron(Cron::new(cron, self.zone.as_deref().unwrap_or("UTC"))?),
            (None, None, Some(on)) => Cadence::Once(once(on, self.until.as_deref())?),
            (None, None, None) => {
                return Err(Wrong::new("every", "it is not said when it is due", "add `every = \"6h\"`, `cron = \"30 2 * * *\"` or `on`"));
            }
            _ => {
                return Err(Wrong::new(
                    "every",
                    "more than one of `every`, `cron` and `on`",
                    "keep one; make a second `[[schedule]]` for the other",
                ));
            }
        };
        match &cadence {
            Cadence::Every(_) => alone("zone", &self.zone, "cron").and(alone("until", &self.until, "on"))?,
            Cadence::Cron(_) => alone("until", &self.until, "on")?,
            Cadence::Once(_) => alone("zone", &self.zone, "cron")?,
        }
        Ok(cadence)
    }

    fn catch_up(&self) -> Result<CatchUp, Wrong> {
        let most = CatchUp::MOST;
        match (self.catch_up, self.catch_up_at_most) {
            (CatchUpWord::None, None) => Ok(CatchUp::None),
            (CatchUpWord::Latest, None) => Ok(CatchUp::Latest),
            (CatchUpWord::All, None) => Ok(CatchUp::All { at_most: CatchUp::USUAL }),
            (CatchUpWord::All, Some(at_most)) if (1..=most).contains(&at_most) => Ok(CatchUp::All { at_most }),
            (CatchUpWord::All, Some(number)) => {
                Err(Wrong::new("catch_up_at_most", format!("{number} is not from 1 to {most}"), "write a number in that range"))
            }
            (CatchUpWord::None | CatchUpWord::Latest, Some(_)) => {
                Err(Wrong::new("catch_up_at_most", "it has a meaning only with `catch_up = \"all\"`", "remove it"))
            }
        }
    }
}

fn keep<T>(read: Result<T, Wrong>, wrong: &mut Vec<Wrong>) -> Option<T> {
    read.map_err(|error| wrong.push(error)).ok()
}

fn length(key: &'static str, text: Option<&str>) -> Result<Option<Length>, Wrong> {
    text.map(|text| Length::from_str(text).map_err(|wrong| wrong.under(key))).transpose()
}

fn too_wide(jitter: Length, period: Length) -> Wrong {
    Wrong::new("jitter", format!("{jitter} is not shorter than the period of {period}"), "shorten it, or ticks would overtake each other")
}

fn once(on: &str, until: Option<&str>) -> Result<Once, Wrong> {
    let on = instant("on", on)?;
    let until = until.map(|until| instant("until", until)).transpose()?;
    match until.is_some_and(|until| until < on) {
        true => Err(Wrong::new("until", "it is before `on`", "put the end after the beginning")),
        false => Ok(Once { on, until }),
    }
}

/// An instant in whole seconds; OSCAL and operators write no finer ones, and what is finer is cut.
fn instant(key: &'static str, text: &str) -> Result<Timestamp, Wrong> {
    let read: Result<Timestamp, _> = text.parse();
    read.and_then(|at| Timestamp::from_second(second(at))).map_err(|_| {
        Wrong::new(key, format!("`{text}` is no date and time with an offset"), "write it such as `2027-01-15T09:00:00+01:00`")
    })
}

impl TryFrom<Table> for Schedule {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        table.schedule().map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    }
}

impl From<Schedule> for Table {
    fn from(schedule: Schedule) -> Self {
        let mut table = Self::named(&schedule.name);
        match &schedule.cadence {
            Cadence::Every(every) => table.every = Some(every.to_string()),
            Cadence::Cron(cron) => {
                table.cron = Some(cron.expression().to_owned());
                table.zone = Some(cron.zone().to_owned()).filter(|zone| zone != "UTC");
            }
            Cadence::Once(once) => {
                table.on = Some(once.on.to_string());
                table.until = once.until.map(|until| until.to_string());
            }
        }
        (table.catch_up, table.catch_up_at_most) = match schedule.catch_up {
            CatchUp::None => (CatchUpWord::None, None),
            CatchUp::Latest => (CatchUpWord::Latest, None),
            CatchUp::All { at_most } => (CatchUpWord::All, Some(at_most).filter(|most| *most != CatchUp::USUAL)),
        };
        table.grace = match schedule.grace {
            Grace::Quarter => None,
            Grace::Length(length) => Some(length.to_string()),
        };
        let listed = |globs: &Globs| globs.listed().to_vec();
        Self {
            jitter: (schedule.jitter != Length::ZERO).then(|| schedule.jitter.to_string()),
            overlap: schedule.overlap,
            profiles: listed(&schedule.what.profiles),
            scopes: listed(&schedule.what.scopes),
            controls: listed(&schedule.what.controls),
            ..table
        }
    }
}

#[cfg(test)]
mod tests;
