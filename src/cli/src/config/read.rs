//! Reads the configuration and the exemption files that it names. All problems of all files are told at once.

use std::path::Path;

use checks::Diagnostic;
use engine::Exemption;
use serde::Deserialize;
use serde_json::Value;

use super::toml_file::TomlFile;
use super::{Config, schema};

/// Reads `path`.
///
/// # Errors
/// Every problem, with file, line and fix.
pub fn read(path: &Path) -> Result<Config, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let text = text_of(path, "write one (the shipped `config.toml` shows every key) or name another with `--config`")?;
    let file = TomlFile::parse(&name, &text)?;
    let mut problems = file.check(&schema());
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut config: Config = parsed(&file)?;
    config.folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    problems.extend(scopes(&file, &config));
    problems.extend(durations(&file, &config));
    problems.extend(exemptions(&file, &config.exemption));
    problems.extend(super::continuous::problems(&file, &config));
    for more in &config.exemption_files.clone() {
        match exemption_file(&config.path(more)) {
            Ok(found) => config.exemption.extend(found),
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(twice(&name, &config.exemption));
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

pub(super) fn text_of(path: &Path, fix: &str) -> Result<String, Vec<Diagnostic>> {
    let problem = |error: std::io::Error| {
        vec![Diagnostic { file: path.display().to_string(), line: 1, column: 1, what: format!("cannot read it: {error}"), fix: fix.into() }]
    };
    std::fs::read_to_string(path).map_err(problem)
}

pub(super) fn parsed<T: serde::de::DeserializeOwned>(file: &TomlFile) -> Result<T, Vec<Diagnostic>> {
    // The schema said yes, so only what a schema cannot say is left, such as a day that no calendar has.
    serde_json::from_value(file.value.clone()).map_err(|error| vec![file.problem(&[], error.to_string(), "correct the value")])
}

fn scopes(file: &TomlFile, config: &Config) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, scope) in config.scope.iter().enumerate() {
        let at = at.to_string();
        let path = ["scope", at.as_str()];
        match (&scope.snapshot, &scope.aws) {
            (Some(_), Some(_)) => {
                found.push(file.problem(&path, "both `snapshot` and `aws`", "keep one; make a second `[[scope]]` for the other"))
            }
            (None, None) => found.push(file.problem(&path, "neither `snapshot` nor `aws`", "add `snapshot = \"…\"` or `aws = {}`")),
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
    found
}

fn durations(file: &TomlFile, config: &Config) -> Vec<Diagnostic> {
    match config.assess.results_valid_for.parse::<jiff::SignedDuration>() {
        Ok(valid) if valid > jiff::SignedDuration::ZERO => Vec::new(),
        Ok(_) | Err(_) => {
            vec![file.problem(
                &["assess", "results_valid_for"],
                "not a duration of hours, minutes and seconds",
                "write it as ISO 8601 has it, such as `PT26H`",
            )]
        }
    }
}

fn exemptions(file: &TomlFile, entries: &[Exemption]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let at = at.to_string();
        let told = |what: String| {
            file.problem(
                &["exemption", at.as_str()],
                format!("exemption `{}`: {what}", entry.id),
                "an exemption says what, why, who and until when",
            )
        };
        found.extend(entry.problems().into_iter().map(told));
    }
    found
}

fn twice(name: &str, entries: &[Exemption]) -> Vec<Diagnostic> {
    let mut ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    ids.sort_unstable();
    let doubled = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    let told = |id: &str| Diagnostic {
        file: name.into(),
        line: 1,
        column: 1,
        what: format!("two exemptions have the id `{id}` (here and in the files that `exemption_files` names)"),
        fix: "rename one".into(),
    };
    doubled.map(told).collect()
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct ExemptionFile {
    exemption: Vec<Exemption>,
}

pub(super) fn exemption_file(path: &Path) -> Result<Vec<Exemption>, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let text = text_of(path, "correct `exemption_files`")?;
    let file = TomlFile::parse(&name, &text)?;
    let schema: Value = schemars::schema_for!(ExemptionFile).to_value();
    let problems = file.check(&schema);
    if !problems.is_empty() {
        return Err(problems);
    }
    let read: ExemptionFile = parsed(&file)?;
    let problems = exemptions(&file, &read.exemption);
    if problems.is_empty() { Ok(read.exemption) } else { Err(problems) }
}
