//! Lists as people and programs read them: a table, or JSON.

use comfy_table::presets::NOTHING;
use serde::Serialize;

use crate::commands::oscal::files;
use crate::failure::Failure;

/// How a list is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table, for people
    #[default]
    Table,
    /// JSON, for programs
    Json,
}

/// A table with these heads.
pub struct Table(comfy_table::Table);

impl Table {
    /// No rows yet.
    pub fn new<const N: usize>(heads: [&str; N]) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(NOTHING).set_header(heads);
        Self(table)
    }

    /// Adds a row. What a cloud or a person named so that it would act on a terminal is shown as what it is.
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) {
        self.0.add_row(cells.map(|cell| report::shown(cell).into_owned()));
    }

    /// As text; lines have no blanks at their ends.
    pub fn text(&self) -> String {
        self.0.to_string().lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

/// Prints text whose parts were made safe.
pub fn print(text: &str) -> Result<(), Failure> {
    files::print(text)
}

/// Prints a value as JSON.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).expect("every key is a string");
    files::print(&format!("{text}\n"))
}
