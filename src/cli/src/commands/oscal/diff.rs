//! `assize oscal diff`: what is different between two documents, in the words of OSCAL and not of JSON.
//!
//! Things are the same thing when their ids are, wherever they stand in their list; what merely moved within a list is no difference.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::{files, tree};
use crate::exit::Exit;
use crate::failure::Failure;

/// Which two.
#[derive(clap::Args)]
pub struct Args {
    /// The earlier document
    old: PathBuf,
    /// The later document
    new: PathBuf,
    /// Also what changes with every writing: the uuid of the document, `last-modified`, `version`
    #[arg(long)]
    all: bool,
}

/// Tells the differences; exit code 1 if there are any.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let (old, new) = (files::document(&args.old)?, files::document(&args.new)?);
    if old.root() != new.root() {
        return Err(Failure::usage(format!("`{}` is a {} and `{}` a {}", args.old.display(), old.root(), args.new.display(), new.root())));
    }
    let value = |document: &oscal::Document| {
        serde_json::to_value(document).map(|mut value| value[document.root()].take()).map_err(Failure::internal)
    };
    let (mut old_value, mut new_value) = (value(&old)?, value(&new)?);
    if !args.all {
        without_writing(&mut old_value);
        without_writing(&mut new_value);
    }
    let mut found = Vec::new();
    compare(&mut Vec::new(), &old_value, &new_value, &mut found);
    let text: String = found.iter().map(|line| format!("{}\n", report::shown(line))).collect();
    files::print(&text)?;
    Ok(if found.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn without_writing(document: &mut Value) {
    drop(document.as_object_mut().map(|members| members.remove("uuid")));
    if let Some(metadata) = document.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("last-modified");
        metadata.remove("version");
    }
}

fn compare(path: &mut Vec<String>, old: &Value, new: &Value, found: &mut Vec<String>) {
    match (old, new) {
        _ if old == new => {}
        (Value::Object(before), Value::Object(after)) => {
            let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                path.push(name.clone());
                match (before.get(name), after.get(name)) {
                    (Some(old), Some(new)) => compare(path, old, new, found),
                    (Some(old), None) => gone("-", path, old, found),
                    (None, Some(new)) => gone("+", path, new, found),
                    (None, None) => {}
                }
                path.pop();
            }
        }
        (Value::Array(before), Value::Array(after)) => lists(path, before, after, found),
        _ => found.push(format!("~ {}: {} → {}", told(path), short(old), short(new))),
    }
}

/// Something that is there on one side only; of a list each item by itself.
fn gone(sign: &str, path: &[String], value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                found.push(format!("{sign} {}: {}", told(path), item_name(item)));
            }
        }
        other => found.push(format!("{sign} {}: {}", told(path), short(other))),
    }
}

fn lists(path: &mut Vec<String>, before: &[Value], after: &[Value], found: &mut Vec<String>) {
    let (old, new) = (keyed(before), keyed(after));
    for (key, item) in &old {
        match new.get(key) {
            Some(other) => {
                path.push(key.0.clone());
                compare(path, item, other, found);
                path.pop();
            }
            None => found.push(format!("- {}: {}", told(path), item_name(item))),
        }
    }
    for (key, item) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        let _ = key;
        found.push(format!("+ {}: {}", told(path), item_name(item)));
    }
}

/// Items by what names them, and how often that name was met before; items without a name by what they are.
fn keyed(items: &[Value]) -> BTreeMap<(String, usize), &Value> {
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    let mut keyed = BTreeMap::new();
    for item in items {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        let name = ["id", "uuid", "control-id", "param-id", "subject-uuid", "href", "role-id"]
            .iter()
            .find_map(|name| text(name))
            .map(str::to_owned);
        let property = || text("name").map(|name| format!("{name}{}", text("ns").map(|ns| format!(" of {ns}")).unwrap_or_default()));
        let name = name.or_else(property).unwrap_or_else(|| item.to_string());
        let count = met.entry(name.clone()).or_default();
        keyed.insert((name, *count), item);
        *count += 1;
    }
    keyed
}

/// `groups › ac › controls › ac-1 › title`.
fn told(path: &[String]) -> String {
    path.join(" › ")
}

fn item_name(item: &Value) -> String {
    match item {
        Value::Object(_) => match (item.get("name").and_then(Value::as_str), item.get("value").and_then(Value::as_str)) {
            (Some(name), Some(value)) => format!("{name} = {value}"),
            _ => tree::called(item),
        },
        other => short(other),
    }
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("`{text}`"),
        other => other.to_string(),
    };
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
