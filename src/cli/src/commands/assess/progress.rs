//! Progress on a terminal; silence elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use inventory::Item;

/// A line that tells what was read last.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A line, if somebody is watching.
    pub fn new(watched: bool) -> Self {
        let bar = if watched { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template("{spinner} {pos} resources in {elapsed}  {wide_msg}").expect("our template is one");
        Self { bar: bar.with_style(style) }
    }

    /// Takes note of an item.
    pub fn see(&self, item: &Item) {
        match item {
            Item::Resource(_) | Item::Recorded(_) => self.bar.inc(1),
            Item::Listed { kind, scope, .. } => self.bar.set_message(format!("{kind} in {scope}")),
            Item::Gap { kind, scope, gap } => self.bar.println(format!("{kind} in {scope}: {gap}")),
        }
    }

    /// Takes the line away.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}
