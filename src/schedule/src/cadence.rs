//! When something is due: a period, a cron expression, or once.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{Cron, Every, Once, Wrong};

/// When something is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cadence {
    /// Again and again after a fixed period.
    Every(Every),
    /// At the times of a cron expression in a time zone.
    Cron(Cron),
    /// Once.
    Once(Once),
}

impl Cadence {
    /// The logical times after an instant, in order; endless unless the cadence ends.
    pub fn after(&self, after: Timestamp) -> Box<dyn Iterator<Item = Timestamp> + '_> {
        match self {
            Cadence::Every(every) => Box::new(every.after(after)),
            Cadence::Cron(cron) => Box::new(cron.after(after)),
            Cadence::Once(once) => Box::new(Some(once.on).filter(|on| *on > after).into_iter()),
        }
    }

    /// The last logical time that is not after `at`. Cron expressions have none before 1970.
    pub fn latest(&self, at: Timestamp) -> Option<Timestamp> {
        match self {
            Cadence::Every(every) => every.latest(at),
            Cadence::Cron(cron) => cron.latest(at),
            Cadence::Once(once) => Some(once.on).filter(|on| *on <= at),
        }
    }

    /// The last logical time before `at`.
    pub fn before(&self, at: Timestamp) -> Option<Timestamp> {
        self.latest(Timestamp::from_second(crate::every::second(at).checked_sub(1)?).ok()?)
    }

    /// How many logical times are after one instant and not after another. The work grows with the days between, never with the ticks.
    pub fn count(&self, after: Timestamp, to: Timestamp) -> u64 {
        match self {
            Cadence::Every(every) => every.count(after, to),
            Cadence::Cron(cron) => cron.count(after, to),
            Cadence::Once(once) => u64::from(after < once.on && once.on <= to),
        }
    }

    /// Whether nothing may start any more: something that was due once, within a range that has ended.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        match self {
            Cadence::Every(_) | Cadence::Cron(_) => false,
            Cadence::Once(once) => once.is_over(now),
        }
    }
}

/// `every 6h`, `@every 6h`, or a cron expression, which may begin with its zone: `CRON_TZ=Europe/Berlin 30 2 * * *`; without, it means UTC.
impl FromStr for Cadence {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        if let Some(period) = text.strip_prefix("every ").or_else(|| text.strip_prefix("@every ")) {
            return period.parse().map(Self::Every);
        }
        // An ISO 8601 duration is one word that begins with P; no cron expression does.
        if text.starts_with('P') && !text.contains(' ') {
            return text.parse().map(Self::Every);
        }
        let zoned = text.strip_prefix("CRON_TZ=").or_else(|| text.strip_prefix("TZ=")).and_then(|rest| rest.split_once(' '));
        let (zone, expression) = zoned.unwrap_or(("UTC", text));
        Cron::new(expression, zone).map(Self::Cron)
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cadence::Every(every) => write!(f, "every {every}"),
            Cadence::Cron(cron) => cron.fmt(f),
            Cadence::Once(Once { on, until: None }) => write!(f, "once on {on}"),
            Cadence::Once(Once { on, until: Some(until) }) => write!(f, "once from {on} until {until}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cadence;

    #[test]
    fn a_cadence_reads_what_it_writes() {
        for (text, written) in [
            ("every 6h", "every 6h"),
            ("@every 90m", "every 1h30m"),
            ("PT6H", "every 6h"),
            ("every 1y", "every 1y"),
            ("@daily", "CRON_TZ=UTC @daily"),
            ("TZ=europe/berlin  30 2 * *  *", "CRON_TZ=Europe/Berlin 30 2 * * *"),
        ] {
            let cadence: Cadence = text.parse().expect(text);
            assert_eq!(cadence.to_string(), written, "{text}");
            assert_eq!(written.parse(), Ok(cadence));
        }
    }
}
