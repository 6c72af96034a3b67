//! One date, or one range of dates, in which something is due once.

use jiff::Timestamp;

/// Something that is due once: at an instant, and where it has an end, no later than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// The logical time, in whole seconds.
    pub on: Timestamp,
    /// Where it may still be made up for; `None` means at any time later.
    pub until: Option<Timestamp>,
}

impl Once {
    /// Whether the end has passed.
    pub(crate) fn is_over(self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now > until)
    }
}
