//! The table that a run prints: controls, the gravest first, then what could not be read and which exemptions need a look.

use std::fmt::Write;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets};

use crate::framework::{FrameworkControlView, FrameworkView};
use crate::shown::shown;
use crate::view::{ControlView, Status, View};

/// Below this many columns headings are short and cells close together.
const NARROW: u16 = 100;

/// The table and what must be said beside it, `width` columns wide.
pub fn console(view: &View, width: u16, color: bool) -> String {
    let mut text = table(view, width, color);
    let counts = &view.counts;
    writeln!(
        text,
        "\n{} verdicts in {}: {} pass, {} fail, {} exempt, {} unknown, {} not applicable; {} checks had nothing to look at",
        counts.total(),
        shown(&view.accounts().join(", ")),
        counts.pass,
        counts.fail,
        counts.exempt,
        counts.unknown,
        counts.not_applicable,
        counts.vacuous
    )
    .expect("text takes everything");
    if counts.stale > 0 {
        writeln!(text, "{} verdicts have expired by {} and are stale: what they said is not known to hold", counts.stale, view.now)
            .expect("text takes everything");
    }
    if !view.unreached.is_empty() {
        writeln!(text, "{} selected controls are reached by no check; nothing is claimed about them", view.unreached.len())
            .expect("text takes everything");
    }
    view.frameworks.iter().for_each(|framework| text += &framework_table(framework, width, color));
    if !view.gaps.is_empty() {
        text.push_str("\nCould not be read:\n");
        for ((action, cause), verdicts) in &view.gaps {
            writeln!(text, "  {}: {} ({verdicts} verdicts unknown)", shown(action), shown(cause)).expect("text takes everything");
        }
    }
    if !view.unseen.is_empty() {
        text.push_str("\nNobody looked since the run before:\n");
        view.unseen.iter().for_each(|gap| writeln!(text, "  {}", shown(gap.sentence)).expect("text takes everything"));
    }
    if !view.notices.is_empty() {
        text.push_str("\nExemptions that need a look:\n");
        view.notices.iter().for_each(|notice| writeln!(text, "  {}", shown(notice.sentence)).expect("text takes everything"));
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
    table.set_header(match width < NARROW {
        true => ["Id", "Title", "Severity", "Pass", "Fail", "Unk.", "N/A", "Ex.", "Status"],
        false => ["Control", "Title", "Severity", "Pass", "Fail", "Unknown", "N/A", "Exempt", "Status"],
    });
    let mut controls: Vec<&ControlView> = view.controls.iter().collect();
    controls.sort_by_key(|control| (control.status, rank(control.severity), control.id));
    for control in controls {
        table.add_row(row(control, color));
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        // Only titles are broken into lines; a broken number or word cannot be read.
        if at != 1 {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        if (3..=7).contains(&at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        column.set_padding(if width < NARROW { (0, 1) } else { (1, 1) });
    }
    table.to_string()
}

fn framework_table(framework: &FrameworkView, width: u16, color: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    if !color {
        table.force_no_tty();
    } else {
        table.enforce_styling();
    }
    table.set_header(["Control", "Answer", "By"]);
    let rank = |answer: &str| ["not-satisfied", "unknown", "stale", "satisfied"].iter().position(|known| *known == answer).unwrap_or(3);
    let mut controls: Vec<&FrameworkControlView> = framework.controls.iter().collect();
    controls.sort_by_key(|control| rank(control.answer));
    for control in controls {
        let mut answer = Cell::new(shown(control.word()));
        if color {
            answer = match control.answer {
                "not-satisfied" => answer.fg(Color::Red).add_attribute(Attribute::Bold),
                "unknown" | "stale" => answer.fg(Color::Yellow).add_attribute(Attribute::Bold),
                "satisfied" => answer.fg(Color::Green),
                _ => answer,
            };
        }
        table.add_row(vec![Cell::new(shown(control.id)), answer, Cell::new(shown(&control.by()))]);
    }
    for column in table.column_iter_mut().take(2) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    format!("\n{}\n{table}\n{}\n", shown(framework.title), framework.summary())
}

fn row(control: &ControlView, color: bool) -> Vec<Cell> {
    let counts = &control.counts;
    let number = |count: u64| Cell::new(if count == 0 { "·".to_owned() } else { count.to_string() });
    let mut status = Cell::new(control.status.as_str());
    if color {
        status = match control.status {
            Status::Fails => status.fg(Color::Red).add_attribute(Attribute::Bold),
            Status::Unknown | Status::Stale => status.fg(Color::Yellow).add_attribute(Attribute::Bold),
            Status::Exempt => status.fg(Color::Cyan),
            Status::Passes => status.fg(Color::Green),
            Status::Vacuous | Status::NotApplicable => status,
        };
    }
    vec![
        Cell::new(shown(control.id)),
        Cell::new(shown(control.title)),
        Cell::new(shown(control.severity.unwrap_or("·"))),
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
