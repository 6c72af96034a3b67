//! `assize oscal show`: a document, or one control of it, as a person reads it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use oscal::{
    AssessmentResult, Catalog, Control, Document, Group, Observation, Parameter, Part, Property, SelectedControl, Uuid, parameters_around,
};
use serde_json::Value;

use super::files;
use crate::exit::Exit;
use crate::failure::Failure;

/// Which document, and what of it.
#[derive(clap::Args)]
pub struct Args {
    /// A document in JSON, YAML or XML; `-` for standard input
    file: PathBuf,
    /// The controls to show; of a catalog all of them, if none is named
    controls: Vec<String>,
    /// The instant at which results are looked at, instead of the clock's: what has expired by then is stale
    #[arg(long, value_name = "TIMESTAMP")]
    now: Option<Timestamp>,
}

/// Shows it.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let document = files::document(&args.file)?;
    let metadata = document.metadata();
    let mut text = format!(
        "{}\n{}, version {}, of {}\n",
        metadata.title.as_str(),
        document.root(),
        metadata.version.as_str(),
        metadata.last_modified.as_str()
    );
    match &document {
        Document::Catalog(catalog) => catalog_text(catalog, &args.controls, &mut text)?,
        _ if !args.controls.is_empty() => {
            return Err(Failure::usage(format!("a {} holds no controls; resolve the profile, or show its catalog", document.root())));
        }
        Document::AssessmentResults(results) => {
            let now = args.now.unwrap_or_else(Timestamp::now);
            results.results.iter().for_each(|result| result_text(result, now, &mut text));
        }
        _ => {
            let value = serde_json::to_value(&document).map_err(Failure::internal)?;
            sections(&value[document.root()], "", &mut text);
        }
    }
    files::print(&report::shown_lines(&text))?;
    Ok(Exit::Clean)
}

/// What a model holds, list by list; an object in it (`system-implementation`) lends its lists its name.
fn sections(holder: &Value, above: &str, text: &mut String) {
    for (name, member) in holder.as_object().into_iter().flatten().filter(|(name, _)| *name != "metadata") {
        match member {
            Value::Array(items) if items.iter().any(Value::is_object) => {
                let lines: String = items.iter().map(|item| format!("  {}\n", super::tree::called(item))).collect();
                *text += &format!("\n{above}{name}: {}\n{lines}", items.len());
            }
            Value::Object(_) => sections(member, &format!("{above}{name} › "), text),
            Value::String(words) if matches!(name.as_str(), "system-name" | "description" | "href") => {
                *text += &format!("\n{above}{name}:\n{}", indented(words, 1));
            }
            _ => {}
        }
    }
}

/// The findings; one that rests on an observation which has expired says nothing of now.
fn result_text(result: &AssessmentResult, now: Timestamp, text: &mut String) {
    let expired = |observation: &Observation| -> Option<Timestamp> {
        observation.expires.as_ref()?.as_str().parse().ok().filter(|expires: &Timestamp| *expires < now)
    };
    let stale: HashMap<Uuid, Timestamp> =
        result.observations.iter().filter_map(|observation| Some((observation.uuid, expired(observation)?))).collect();
    for finding in &result.findings {
        let state = finding.target.status.state.as_str();
        let since = finding.related_observations.iter().filter_map(|related| stale.get(&related.observation_uuid)).min();
        let state = since.map_or_else(|| state.to_owned(), |since| format!("stale since {since} (was {state})"));
        *text += &format!("\n{state}  {}\n", finding.title.as_str());
        *text += &indented(finding.description.as_str(), 1);
    }
}

fn catalog_text(catalog: &Catalog, wanted: &[String], text: &mut String) -> Result<(), Failure> {
    let around = parameters_around(catalog);
    let mut shown = 0;
    let mut show = |control: &Control| {
        if wanted.is_empty() || wanted.iter().any(|id| control.id == id.as_str()) {
            shown += 1;
            control_text(control, &around, text);
        }
    };
    catalog.controls.iter().for_each(|control| each(control, &mut show));
    catalog.groups.iter().for_each(|group| each_of(group, &mut show));
    match shown {
        0 if !wanted.is_empty() => {
            Err(Failure::usage(format!("the catalog has no control `{}`; see `assize oscal tree`", wanted.join("`, `"))))
        }
        _ => Ok(()),
    }
}

fn each_of(group: &Group, show: &mut dyn FnMut(&Control)) {
    group.controls.iter().for_each(|control| each(control, show));
    group.groups.iter().for_each(|inner| each_of(inner, show));
}

fn each(control: &Control, show: &mut dyn FnMut(&Control)) {
    show(control);
    control.controls.iter().for_each(|inner| each(inner, show));
}

fn control_text(control: &Control, around: &Arc<[Parameter]>, text: &mut String) {
    let label = label(&control.props).unwrap_or(control.id.as_str());
    *text += &format!("\n{label}  {}\n", control.title.as_str());
    let selected = SelectedControl::of(control.clone(), Arc::clone(around));
    control.parts.iter().for_each(|part| part_text(part, &selected, 1, text));
    for param in &control.params {
        let values: Vec<&str> = param.values.iter().map(oscal::Text::as_str).collect();
        let label = param.label.as_ref().map_or("", |label| label.as_str());
        *text += &format!("  {} = {}  {label}\n", param.id, if values.is_empty() { "·".into() } else { values.join(", ") });
    }
}

/// How people call it: the label without a class, where there are others for other uses (`zero-padded`).
fn label(props: &[Property]) -> Option<&str> {
    let all = || props.iter().filter(|prop| prop.is(oscal::OSCAL_NS, "label"));
    all().find(|prop| prop.class.is_none()).or_else(|| all().next()).map(|prop| prop.value.as_str())
}

fn part_text(part: &Part, control: &SelectedControl, level: usize, text: &mut String) {
    let label = label(&part.props).map(str::to_owned);
    let heading = label.unwrap_or_else(|| if part.name == "item" { String::new() } else { format!("{}:", part.name.as_str()) });
    let alone = Part { parts: Vec::new(), ..part.clone() };
    let prose = control.text_of(&alone);
    *text += &indented(format!("{heading} {prose}").trim(), level);
    part.parts.iter().for_each(|inner| part_text(inner, control, level + 1, text));
}

fn indented(text: &str, level: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", "  ".repeat(level))).collect()
}
