//! The table that a run prints: controls, the gravest first, then what could not be read and which exemptions need a look.

use std::fmt::Write;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use crate::view::{ControlView, Status, View};

/// The table and what must be said beside it, `width` columns wide.
pub fn console(view: &View, width: u16, color: bool) -> String {
    let mut text = table(view, width, color);
    let counts = &view.counts;
    writeln!(
        text,
        "\n{} verdicts in {}: {} pass, {} fail, {} exempt, {} unknown, {} not applicable; {} checks had nothing to look at",
        counts.total(),
        view.accounts().join(", "),
        counts.pass,
        counts.fail,
        counts.exempt,
        counts.unknown,
        counts.not_applicable,
        counts.vacuous
    )
    .expect("text takes everything");
    if !view.unreached.is_empty() {
        writeln!(text, "{} selected controls are reached by no check; nothing is claimed about them", view.unreached.len())
            .expect("text takes everything");
    }
    if !view.gaps.is_empty() {
        text.push_str("\nCould not be read:\n");
        for ((action, cause), verdicts) in &view.gaps {
            writeln!(text, "  {action}: {cause} ({verdicts} verdicts unknown)").expect("text takes everything");
        }
    }
    if !view.notices.is_empty() {
        text.push_str("\nExemptions that need a look:\n");
        view.notices.iter().for_each(|notice| writeln!(text, "  {}", notice.sentence).expect("text takes everything"));
    }
    text
}

fn table(view: &View, width: u16, color: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    if !color {
        table.force_no_tty();
    } else {
        table.enforce_styling();
    }
    table.set_header(["Control", "Title", "Severity", "Pass", "Fail", "Unknown", "N/A", "Exempt", "Status"]);
    let mut controls: Vec<&ControlView> = view.controls.iter().collect();
    controls.sort_by_key(|control| (control.status, rank(control.severity), control.id));
    for control in controls {
        table.add_row(row(control, color));
    }
    for column in 3..=7 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

fn row(control: &ControlView, color: bool) -> Vec<Cell> {
    let counts = &control.counts;
    let number = |count: u64| Cell::new(if count == 0 { "·".to_owned() } else { count.to_string() });
    let mut status = Cell::new(control.status.as_str());
    if color {
        status = match control.status {
            Status::Fails => status.fg(Color::Red).add_attribute(Attribute::Bold),
            Status::Unknown => status.fg(Color::Yellow).add_attribute(Attribute::Bold),
            Status::Exempt => status.fg(Color::Cyan),
            Status::Passes => status.fg(Color::Green),
            Status::Vacuous | Status::NotApplicable => status,
        };
    }
    vec![
        Cell::new(control.id),
        Cell::new(control.title),
        Cell::new(control.severity.unwrap_or("·")),
        number(counts.pass),
        number(counts.fail),
        number(counts.unknown),
        number(counts.not_applicable),
        number(counts.exempt),
        status,
    ]
}

/// The gravest first.
fn rank(severity: Option<&str>) -> u8 {
    match severity {
        Some("critical") => 0,
        Some("high") => 1,
        Some("medium") => 2,
        Some("low") => 3,
        Some(_) | None => 4,
    }
}
