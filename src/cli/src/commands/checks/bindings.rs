//! `assize checks bindings`: what a component definition binds to which controls, and which of it is here.

use std::path::PathBuf;

use comfy_table::{ContentArrangement, Table, presets};
use engine::definition::{self, Definition, Requirement};
use oscal::Document;
use report::shown;

use crate::commands::oscal::files;
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;

/// Which component definition.
#[derive(clap::Args)]
pub struct Args {
    /// A component definition with `Rule_Id` and `Check_Id` properties, as compliance-trestle writes them
    file: PathBuf,
}

/// Lists.
pub fn run(config: &Config, args: Args) -> Result<Exit, Failure> {
    let Document::ComponentDefinition(document) = files::document(&args.file)? else {
        return Err(Failure::usage(format!("`{}` is no component definition", args.file.display())));
    };
    let definition = definition::read(&document);
    if definition.requirements.iter().all(|requirement| requirement.rules.is_empty()) {
        return Err(Failure::usage(format!("`{}` binds no rule to a control: no requirement has a `Rule_Id`", args.file.display())));
    }
    let content = super::content(config)?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["Control", "Rule", "Check", "Here", "Parameters"]);
    for requirement in &definition.requirements {
        for rule in &requirement.rules {
            let parameters = parameters(&definition, rule, requirement);
            let (known, missing) = definition.checks_of(rule, &content.pack);
            let known = known.iter().map(|check| (check.id().as_str(), "yes"));
            for (check, here) in known.chain(missing.into_iter().map(|name| (name, "no"))) {
                table.add_row([&shown(&requirement.control), &shown(rule), &shown(check), &shown(here), &shown(&parameters)]);
            }
        }
    }
    files::print(&format!("{table}\n"))?;
    Ok(Exit::Clean)
}

/// A rule's parameters with the values that count: set for the control, or else the default.
fn parameters(definition: &Definition, rule: &str, requirement: &Requirement) -> String {
    let own = definition.rules.get(rule).into_iter().flat_map(|rule| &rule.parameters);
    let value = |(name, default): (&String, &Option<String>)| {
        let set = requirement.settings().rev().find(|(parameter, _)| parameter == name);
        let set = set.map(|(_, values)| values.iter().map(oscal::Text::as_str).collect::<Vec<_>>().join(", "));
        set.or_else(|| default.clone()).map_or_else(|| name.clone(), |value| format!("{name} = {value}"))
    };
    own.map(value).collect::<Vec<_>>().join("; ")
}
