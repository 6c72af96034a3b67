//! Reads files of exemptions that somebody asks for.

use std::path::Path;

use checks::Diagnostic;
use engine::ExemptionRequest;
use serde::Deserialize;

use super::read::{exemption_file, parsed, text_of};
use super::toml_file::TomlFile;

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequestFile {
    exemption: Vec<ExemptionRequest>,
}

/// The requests of a file.
///
/// # Errors
/// Every problem, with file, line and fix.
pub fn requests(path: &Path) -> Result<Vec<ExemptionRequest>, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let text = text_of(path, "name a file of `[[exemption]]` tables")?;
    let file = TomlFile::parse(&name, &text)?;
    let problems = file.check(&schemars::schema_for!(RequestFile).to_value());
    if !problems.is_empty() {
        return Err(problems);
    }
    let read: RequestFile = parsed(&file)?;
    let mut problems = Vec::new();
    for (place, request) in read.exemption.iter().enumerate() {
        let at = place.to_string();
        let mut told = |what: String| {
            let what = format!("exemption `{}`: {what}", request.id);
            problems.push(file.problem(&["exemption", &at], what, "an exemption says what, why, who and until when"));
        };
        request.problems().into_iter().for_each(&mut told);
        if read.exemption[..place].iter().any(|other| other.id == request.id) {
            told("another one of the file has the same `id`".into());
        }
    }
    if read.exemption.is_empty() {
        problems.push(file.problem(&[], "it asks for nothing", "add an `[[exemption]]` table"));
    }
    if problems.is_empty() { Ok(read.exemption) } else { Err(problems) }
}

/// The same, also of a file whose entries are approved.
///
/// # Errors
/// As [`requests`].
pub fn candidates(path: &Path) -> Result<Vec<ExemptionRequest>, Vec<Diagnostic>> {
    let text = text_of(path, "name a file of `[[exemption]]` tables")?;
    let name = path.display().to_string();
    let file = TomlFile::parse(&name, &text)?;
    let entries = file.value.get("exemption").and_then(serde_json::Value::as_array);
    let approved = entries.is_some_and(|entries| entries.iter().any(|entry| entry.get("approved_by").is_some()));
    match approved {
        true => Ok(exemption_file(path)?.into_iter().map(Into::into).collect()),
        false => requests(path),
    }
}
