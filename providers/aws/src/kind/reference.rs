//! The reference page of kinds, generated from the declarations.

use std::fmt::Write;

use inventory::{Kind, Reach, Shape};

use super::kinds::kinds;

/// How deep the fields of a document are shown.
const DEPTH: usize = 3;

/// The page, in Markdown.
pub fn kinds_markdown() -> String {
    let mut page = String::from(
        "<!-- Generated from providers/aws/kinds by `UPDATE=1 cargo test -p assize-provider-aws`; do not edit. -->\n# Kinds\n\n",
    );
    page.push_str("Documents carry the vendor's own field names. A field that could not be read holds `{\"$unknown\": …}` and makes the checks that look at it unknown.\n");
    kinds().iter().for_each(|kind| section(&mut page, kind));
    page
}

fn section(page: &mut String, kind: &Kind) {
    let reach = match kind.reach {
        Reach::Global => "once per account",
        Reach::Regional => "in every enabled region",
    };
    let how = if kind.singleton { "always exactly one" } else { "listed" };
    writeln!(page, "\n## {}\n\n{} — {how}, {reach}.\n\n| call | permission | without it |\n|---|---|---|", kind.id, kind.title)
        .expect("text takes everything");
    for dependency in &kind.dependencies {
        let lost = if dependency.lists { "the whole kind is unknown".into() } else { code(dependency.fields.iter()) };
        writeln!(page, "| {} | {} | {lost} |", dependency.call, dependency.action).expect("text takes everything");
    }
    page.push_str("\n```text\n");
    fields(page, &kind.shape, 0);
    page.push_str("```\n");
}

fn code<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn fields(page: &mut String, shape: &Shape, depth: usize) {
    let Shape::Object(members) = shape else { return };
    for (name, shape) in members {
        writeln!(page, "{}{name}: {}", "  ".repeat(depth), word(shape)).expect("text takes everything");
        if depth + 1 < DEPTH {
            fields(page, inner(shape), depth + 1);
        }
    }
}

fn inner(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(item) | Shape::Map(item) => inner(item),
        other => other,
    }
}

fn word(shape: &Shape) -> String {
    match shape {
        Shape::Any => "anything".into(),
        Shape::Bool => "boolean".into(),
        Shape::Int => "integer".into(),
        Shape::Number => "number".into(),
        Shape::String => "text".into(),
        Shape::Timestamp => "instant".into(),
        Shape::List(item) => format!("list of {}", word(item)),
        Shape::Map(value) => format!("names to {}", word(value)),
        Shape::Object(_) => "object".into(),
    }
}
