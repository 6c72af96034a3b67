//! `assize oscal diff`: what is different between two documents, in the words of OSCAL and not of JSON.
//!
//! Things are the same thing when their ids are, wherever they stand: what merely moved within a list is no difference, and what moved
//! from one list to another (a control to another group, a parameter to another control) is told as moved, with what else changed in it.

use std::collections::{BTreeMap, HashMap};
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
    let mut comparison = Comparison { places: Places::new(), before: Places::new(), found: Vec::new() };
    places(&new_value, &mut Vec::new(), &mut comparison.places);
    places(&old_value, &mut Vec::new(), &mut comparison.before);
    comparison.compare(&mut Vec::new(), &old_value, &new_value);
    let found = comparison.found;
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

/// What is compared with what, and what was found.
struct Comparison<'v> {
    /// Where the later document has each thing with an id: controls, parameters, parts and groups may move.
    places: Places<'v>,
    /// Where the earlier one has it.
    before: Places<'v>,
    found: Vec<String>,
}

/// Things with an id by the list they are in and their id: their path, and they themselves. What is there twice has no one place.
type Places<'v> = HashMap<(&'v str, &'v str), Option<(String, &'v Value)>>;

fn places<'v>(value: &'v Value, path: &mut Vec<String>, found: &mut Places<'v>) {
    for (list, member) in value.as_object().into_iter().flatten() {
        path.push(list.clone());
        for item in member.as_array().into_iter().flatten() {
            if let Some(id) = item.get("id").and_then(Value::as_str) {
                found.entry((list, id)).and_modify(|place| *place = None).or_insert_with(|| Some((told(path), item)));
                path.push(id.to_owned());
                places(item, path, found);
                path.pop();
            }
        }
        path.pop();
    }
}

impl<'v> Comparison<'v> {
    fn compare(&mut self, path: &mut Vec<String>, old: &'v Value, new: &'v Value) {
        match (old, new) {
            _ if old == new => {}
            (Value::Object(before), Value::Object(after)) => {
                let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                for name in names {
                    path.push(name.clone());
                    match (before.get(name), after.get(name)) {
                        (Some(old @ Value::Array(_)), None) => self.lists(path, old, &Value::Null),
                        (None, Some(new @ Value::Array(_))) => self.lists(path, &Value::Null, new),
                        (Some(old), Some(new)) => self.compare(path, old, new),
                        (Some(old), None) => self.found.push(format!("- {}: {}", told(path), short(old))),
                        (None, Some(new)) => self.found.push(format!("+ {}: {}", told(path), short(new))),
                        (None, None) => {}
                    }
                    path.pop();
                }
            }
            (Value::Array(_), Value::Array(_)) => self.lists(path, old, new),
            _ => self.found.push(format!("~ {}: {}", told(path), change(old, new))),
        }
    }

    /// Two lists; either may be absent.
    fn lists(&mut self, path: &mut Vec<String>, before: &'v Value, after: &'v Value) {
        let items = |list: &'v Value| list.as_array().map_or(&[][..], Vec::as_slice);
        let (before, after) = (items(before), items(after));
        let plain = |items: &[Value]| !items.is_empty() && items.iter().all(|item| !item.is_object() && !item.is_array());
        if plain(before) && plain(after) {
            let all = |items: &[Value]| items.iter().map(short).collect::<Vec<_>>().join(", ");
            return self.found.push(format!("~ {}: {} → {}", told(path), all(before), all(after)));
        }
        let (old, new) = (keyed(before), keyed(after));
        for (key, item) in &old {
            match new.get(key) {
                Some(other) => {
                    path.push(key.0.clone());
                    self.compare(path, item, other);
                    path.pop();
                }
                None => self.gone(path, item),
            }
        }
        for (_, item) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
            if elsewhere(&self.before, path, item).is_none() {
                self.found.push(format!("+ {}: {}", told(path), item_name(item)));
            }
        }
    }

    /// Something that is no longer where it was: it is elsewhere, perhaps changed as well, or nowhere.
    fn gone(&mut self, path: &mut Vec<String>, item: &'v Value) {
        let Some((place, other)) = elsewhere(&self.places, path, item) else {
            self.found.push(format!("- {}: {}", told(path), item_name(item)));
            return self.left_from(path, item);
        };
        self.found.push(format!("> {}: {} moved to {place}", told(path), item_name(item)));
        let mut there = vec![place, item.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()];
        self.compare(&mut there, item, other);
    }

    /// What moved away from inside of something that is gone.
    fn left_from(&mut self, path: &mut Vec<String>, item: &'v Value) {
        let Some(id) = item.get("id").and_then(Value::as_str) else { return };
        path.push(id.to_owned());
        for (list, member) in item.as_object().into_iter().flatten() {
            path.push(list.clone());
            for inner in member.as_array().into_iter().flatten() {
                match elsewhere(&self.places, path, inner).is_some() {
                    true => self.gone(path, inner),
                    false => self.left_from(path, inner),
                }
            }
            path.pop();
        }
        path.pop();
    }
}

/// Where else than in the list at `path`, there is the one thing with the item's id.
fn elsewhere<'v>(places: &Places<'v>, path: &[String], item: &Value) -> Option<(String, &'v Value)> {
    let list = path.last()?.as_str();
    let (place, other) = places.get(&(list, item.get("id")?.as_str()?))?.as_ref()?;
    (*place != told(path)).then(|| (place.clone(), *other))
}

/// What was there and what is; of long texts what is different, with some words around it.
fn change(old: &Value, new: &Value) -> String {
    let (Some(before), Some(after)) = (old.as_str(), new.as_str()) else { return format!("{} → {}", short(old), short(new)) };
    if before.len().max(after.len()) <= 80 {
        return format!("{} → {}", short(old), short(new));
    }
    const AROUND: usize = 24;
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let head: usize = before.chars().zip(after.chars()).take_while(same).count();
    let least = before.chars().count().min(after.chars().count());
    let tail: usize = before.chars().rev().zip(after.chars().rev()).take_while(same).count().min(least - head);
    let part = |text: &str| {
        let count = text.chars().count();
        let (from, to) = (head.saturating_sub(AROUND), (count - tail + AROUND).min(count));
        let middle: String = text.chars().skip(from).take(to - from).collect();
        format!("{}{middle}{}", if from > 0 { "…" } else { "" }, if to < count { "…" } else { "" })
    };
    format!("{} → {}", short(&part(before).into()), short(&part(after).into()))
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
