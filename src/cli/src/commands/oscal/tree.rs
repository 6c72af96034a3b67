//! `assize oscal tree`: what a document is made of, a line for each thing.

use std::path::PathBuf;

use serde_json::Value;

use super::files;
use crate::exit::Exit;
use crate::failure::Failure;

/// Which document.
#[derive(clap::Args)]
pub struct Args {
    /// A document in JSON, YAML or XML; `-` for standard input
    file: PathBuf,
    /// How many levels to show
    #[arg(long, default_value_t = 6)]
    depth: usize,
}

/// Shows it.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let document = files::document(&args.file)?;
    let value = serde_json::to_value(&document).map_err(Failure::internal)?;
    let mut text = format!("{} {}: {}\n", document.root(), document.uuid(), document.metadata().title.as_str());
    branches(&value[document.root()], 1, args.depth, &mut text);
    files::print(&report::shown_lines(&text))?;
    Ok(Exit::Clean)
}

/// What tells one thing from its like, in the order of preference.
const NAMES: [&str; 8] = ["id", "control-id", "param-id", "href", "uuid", "name", "subject-uuid", "statement-id"];

/// Lists of things that are no parts of their own: facts and references about what holds them.
const LEAVES: [&str; 8] = ["props", "links", "responsible-parties", "rlinks", "values", "types", "methods", "origins"];

fn branches(value: &Value, level: usize, depth: usize, text: &mut String) {
    if level > depth {
        return;
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        match member {
            Value::Array(items) if !LEAVES.contains(&name.as_str()) => {
                let things = items.iter().filter(|item| item.is_object());
                if things.clone().next().is_none() {
                    continue;
                }
                *text += &format!("{}{name} ({})\n", "  ".repeat(level), items.len());
                for item in things {
                    *text += &format!("{}{}\n", "  ".repeat(level + 1), called(item));
                    branches(item, level + 2, depth, text);
                }
            }
            Value::Object(_) if name != "metadata" => branches(member, level, depth, text),
            _ => {}
        }
    }
}

/// A thing by its name and title.
pub fn called(item: &Value) -> String {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let name = NAMES.iter().find_map(|name| text(name));
    let title =
        text("title").or_else(|| text("prose")).or_else(|| text("description")).map(|title| title.lines().next().unwrap_or_default());
    match (name, title) {
        (Some(name), Some(title)) => format!("{name}  {}", short(title)),
        (Some(only), None) | (None, Some(only)) => short(only),
        (None, None) => ids(item).unwrap_or_else(|| "·".into()),
    }
}

/// A selection by the ids that it names.
fn ids(item: &Value) -> Option<String> {
    let all: Vec<&str> = item.get("with-ids")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let more = if all.len() > 8 { format!(" … ({} in all)", all.len()) } else { String::new() };
    Some(all.iter().take(8).copied().collect::<Vec<_>>().join(", ") + &more)
}

fn short(text: &str) -> String {
    match text.char_indices().nth(90) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
