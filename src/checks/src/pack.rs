//! All checks under a folder, loaded together so that all problems are told together.

use std::collections::BTreeMap;
use std::path::Path;

use inventory::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::check::Check;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::file::{CheckFile, Located, NotApplicableFile};
use crate::id::CheckId;
use crate::lang::ParamType;

/// A file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path below the folder of controls, with `/`.
    pub path: String,
    /// How to name it to a person.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// Why a provider has no check under a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// There is nothing that the control could be about.
    NotApplicable,
    /// The provider itself does it.
    Inherited,
}

/// A control that needs no check for a provider, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplicable {
    /// The control.
    pub control: String,
    /// The provider.
    pub provider: String,
    /// Which of both.
    pub status: Status,
    /// Why.
    pub reason: String,
}

/// Checks that were loaded and typed.
#[derive(Clone, Debug)]
pub struct Pack {
    checks: Vec<Check>,
    not_applicable: Vec<NotApplicable>,
    digest: String,
}

/// The parameters of a control by name; none where there is no such control.
pub type ParamsOf<'a> = dyn Fn(&str) -> Option<BTreeMap<String, ParamType>> + 'a;

impl Pack {
    /// Loads `files` for these kinds.
    ///
    /// # Errors
    /// Every problem in every file.
    pub fn load(files: &[SourceFile], kinds: &[Kind], params: &ParamsOf) -> Result<Self, Vec<Diagnostic>> {
        let (mut checks, mut not_applicable, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for file in files {
            let parts: Vec<&str> = file.path.split('/').collect();
            let outcome = match parts.as_slice() {
                [control, provider, name, "check.toml"] => {
                    load_check(file, [control, provider, name], kinds, params).map(|check| checks.push(check))
                }
                [control, provider, "not-applicable.toml"] => {
                    load_reason(file, control, provider, params).map(|entry| not_applicable.push(entry))
                }
                _ => Err(vec![whole(file, "it is at no place of a pack", "checks are `<control>/<provider>/<check>/check.toml`")]),
            };
            outcome.unwrap_or_else(|found| problems.extend(found));
        }
        checks.sort_by(|a: &Check, b: &Check| a.id().cmp(b.id()));
        problems.extend(contradictions(&checks, &not_applicable));
        problems.sort();
        match problems.is_empty() {
            true => Ok(Self { checks, not_applicable, digest: digest(files) }),
            false => Err(problems),
        }
    }

    /// Loads the checks in a folder.
    ///
    /// # Errors
    /// Every problem in every file, and what cannot be read.
    pub fn load_dir(folder: &Path, kinds: &[Kind], params: &ParamsOf) -> Result<Self, Vec<Diagnostic>> {
        let mut files = Vec::new();
        gather(folder, "", &mut files).map_err(|error| {
            let what = format!("cannot read it: {error}");
            vec![Diagnostic {
                file: folder.display().to_string(),
                line: 0,
                column: 0,
                what,
                fix: "name the folder of checks in `assess.controls`".into(),
            }]
        })?;
        Self::load(&files, kinds, params)
    }

    /// The checks, in the order of their ids.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// Where no check belongs, and why.
    pub fn not_applicable(&self) -> &[NotApplicable] {
        &self.not_applicable
    }

    /// SHA-256 over all files, in hexadecimal: the version of the pack.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

fn load_check(
    file: &SourceFile,
    [control, provider, name]: [&str; 3],
    kinds: &[Kind],
    params: &ParamsOf,
) -> Result<Check, Vec<Diagnostic>> {
    let at = Located { file: &file.name, text: &file.text };
    let parsed: CheckFile = at.parse()?;
    let problem = |what: String, fix: String| vec![at.inside(&parsed.kind).problem("", 0, what, fix)];
    let Some(declared) = params(control) else {
        return Err(vec![whole(file, format!("there is no control `{control}` in the catalog"), "put the check under a control's id")]);
    };
    let wanted = parsed.kind.get_ref();
    let Some(kind) = kinds.iter().find(|kind| kind.id.as_str() == wanted) else {
        return Err(problem(
            format!("unknown kind `{wanted}`"),
            did_you_mean(wanted, kinds.iter().map(|kind| kind.id.as_str()), "docs/kinds.md"),
        ));
    };
    if kind.id.provider() != provider {
        return Err(problem(
            format!("`{wanted}` is no kind of `{provider}`, in whose folder the check is"),
            "move the folder, or name another kind".into(),
        ));
    }
    let id: CheckId =
        format!("{control}/{provider}/{name}").parse().map_err(|error| vec![whole(file, format!("{error}"), "rename the folder")])?;
    let names: Vec<String> = declared.keys().cloned().collect();
    Check::new(id, &at, parsed, kind, &|name| declared.get(name).copied(), &names)
}

fn load_reason(file: &SourceFile, control: &str, provider: &str, params: &ParamsOf) -> Result<NotApplicable, Vec<Diagnostic>> {
    let parsed: NotApplicableFile = Located { file: &file.name, text: &file.text }.parse()?;
    match params(control) {
        Some(_) => Ok(NotApplicable { control: control.into(), provider: provider.into(), status: parsed.status, reason: parsed.reason }),
        None => Err(vec![whole(file, format!("there is no control `{control}` in the catalog"), "put it under a control's id")]),
    }
}

/// A control cannot both have a check for a provider and need none.
fn contradictions(checks: &[Check], reasons: &[NotApplicable]) -> Vec<Diagnostic> {
    let both = |entry: &&NotApplicable| {
        checks.iter().any(|check| check.id().control() == entry.control && check.id().provider() == entry.provider)
    };
    let told = |entry: &NotApplicable| Diagnostic {
        file: format!("{}/{}/not-applicable.toml", entry.control, entry.provider),
        line: 0,
        column: 0,
        what: "there are checks beside it".into(),
        fix: "remove the file or the checks".into(),
    };
    reasons.iter().filter(both).map(told).collect()
}

fn whole(file: &SourceFile, what: impl Into<String>, fix: impl Into<String>) -> Diagnostic {
    Diagnostic { file: file.name.clone(), line: 0, column: 0, what: what.into(), fix: fix.into() }
}

fn digest(files: &[SourceFile]) -> String {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut digest = Sha256::new();
    for file in sorted {
        for part in [&file.path, &file.text] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every TOML file below a folder, in the order of names; cases and prose lie beside them.
fn gather(folder: &Path, below: &str, files: &mut Vec<SourceFile>) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let below = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            gather(&path, &below, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(SourceFile { path: below, name: path.display().to_string(), text: std::fs::read_to_string(&path)? });
        }
    }
    Ok(())
}
