//! `assize checks explain`: a check with its control, expression, parameters, reads and fix; or a control with its checks.

use std::fmt::Write;

use checks::Check;
use engine::Control;

use crate::config::Config;
use crate::content::{self, Content};
use crate::exit::Exit;
use crate::failure::Failure;

/// What to explain.
#[derive(clap::Args)]
pub struct Args {
    /// A check such as dat-04/aws/s3-bucket-encrypted, or a control such as dat-04
    id: String,
}

/// Explains.
pub fn run(config: &Config, args: Args) -> Result<Exit, Failure> {
    let content = super::content(config)?;
    let named: Vec<&Check> =
        content.pack.checks().iter().filter(|check| check.id().to_string() == args.id || check.id().control() == args.id).collect();
    let control = content.controls.iter().find(|control| args.id == control.id || args.id.starts_with(&format!("{}/", control.id)));
    let mut text = String::new();
    if let Some(control) = control.filter(|control| !named.is_empty() || control.id == args.id) {
        explain_control(&mut text, control);
    }
    named.iter().for_each(|check| explain_check(&mut text, check, control));
    if text.is_empty() {
        return Err(Failure::usage(format!("nothing is called `{}`{}", args.id, near(&args.id, &content))));
    }
    print!("{text}");
    Ok(Exit::Clean)
}

fn near(id: &str, content: &Content) -> String {
    let checks = content.pack.checks().iter().map(|check| check.id().to_string());
    let names = checks.chain(content.controls.iter().map(|control| control.id.clone()));
    let best = names.map(|name| (strsim::jaro_winkler(&name, id), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(likeness, _)| *likeness > 0.7).map(|(_, name)| format!("; did you mean `{name}`?")).unwrap_or_default()
}

fn explain_control(text: &mut String, control: &Control) {
    writeln!(text, "{}  {}\n\n{}\n", control.id, control.title, control.statement).expect("text takes everything");
}

fn explain_check(text: &mut String, check: &Check, control: Option<&Control>) {
    let mut line = |name: &str, value: &str| {
        let value = value.trim_end().replace('\n', "\n            ");
        writeln!(text, "{name:<11} {value}").expect("text takes everything");
    };
    line("check", &check.id().to_string());
    line("title", check.title());
    line("severity", check.severity().as_str());
    line("kind", check.kind().as_str());
    if let Some(when) = check.when_source() {
        line("applies when", when);
    }
    line("pass", check.pass_source());
    let values = control.and_then(|control| control.params.as_object());
    for name in check.params_used() {
        let value = values.and_then(|values| values.get(name)).map_or("(no value)".into(), ToString::to_string);
        line("parameter", &format!("{name} = {value}"));
    }
    let kind = content::kinds().into_iter().find(|kind| kind.id == *check.kind());
    for dependency in kind.iter().flat_map(|kind| &kind.dependencies) {
        if dependency.lists || dependency.fields.iter().any(|field| check.fields().contains(field)) {
            line("reads", &dependency.action);
        }
    }
    line("why", check.why());
    line("fix", check.fix());
    text.push('\n');
}
