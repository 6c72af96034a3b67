//! `assize oscal validate`: everything that is wrong with documents, each thing with its place and its fix.

use std::path::{Path, PathBuf};

use oscal::Source;
use oscal::validate::{Broken, Gravity};
use serde::Serialize;
use serde_json::Value;

use super::{files, sarif};
use crate::exit::Exit;
use crate::failure::{Failure, counted};

/// Which documents, and how to tell.
#[derive(clap::Args)]
pub struct Args {
    /// Documents in JSON, YAML or XML; `-` for standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How to tell what is wrong
    #[arg(long, value_enum, default_value = "text")]
    format: Telling,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Telling {
    /// One line each, for people
    Text,
    /// A list of objects
    Json,
    /// SARIF 2.1.0, which code hosts and editors show
    Sarif,
}

/// One thing to say of a document.
#[derive(Debug, Serialize)]
pub struct Remark {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub pointer: String,
    /// The constraint that is broken, by a name that stays.
    pub constraint: String,
    pub level: Level,
    pub message: String,
    pub fix: String,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The document is not valid.
    Error,
    /// It is valid, and likely not what was meant: a reference leads nowhere, which no constraint of OSCAL forbids, or NIST advises otherwise.
    Warning,
    /// It is valid, and there is something to know.
    Note,
}

/// Validates; exit code 1 if any document is not valid.
pub fn run(args: Args) -> Result<Exit, Failure> {
    let remarks: Vec<Remark> = args.files.iter().flat_map(|path| of_file(path)).collect();
    let wrong = remarks.iter().filter(|remark| remark.level == Level::Error).count();
    match args.format {
        Telling::Json => files::print(&format!("{:#}\n", serde_json::to_value(&remarks).map_err(Failure::internal)?))?,
        Telling::Sarif => files::print(&format!("{:#}\n", sarif::log(&remarks)))?,
        Telling::Text => {
            remarks.iter().try_for_each(|remark| files::print(&(report::shown(&line(remark)).into_owned() + "\n")))?;
            eprintln!("{}, {}", counted(args.files.len(), "document"), counted(wrong, "problem"));
        }
    }
    Ok(if wrong == 0 { Exit::Clean } else { Exit::Findings })
}

fn line(remark: &Remark) -> String {
    let Remark { file, line, column, pointer, constraint, message, fix, level } = remark;
    let level = match level {
        Level::Error => "",
        Level::Warning => "warning: ",
        Level::Note => "note: ",
    };
    format!("{file}:{line}:{column}: {level}at `{pointer}`: {message}; {fix} ({constraint})")
}

/// What cannot even be read is one remark, so that one broken file does not hide the others.
fn of_file(path: &Path) -> Vec<Remark> {
    let read = || -> Result<(Source, Value), Failure> {
        let source = files::source(path)?;
        let value = source.value().map_err(files::wrong)?;
        Ok((source, value))
    };
    match read() {
        Ok((source, value)) => of_document(path, &source, &value),
        Err(Failure::Files(problems)) => problems.into_iter().map(unread).collect(),
        Err(other) => vec![unread(checks::Diagnostic {
            file: path.display().to_string(),
            line: 0,
            column: 0,
            what: other.to_string(),
            fix: String::new(),
        })],
    }
}

fn unread(problem: checks::Diagnostic) -> Remark {
    let checks::Diagnostic { file, line, column, what, fix } = problem;
    let (pointer, constraint) = (String::new(), "readable".to_owned());
    Remark { file, line, column, pointer, constraint, level: Level::Error, message: what, fix }
}

fn of_document(path: &Path, source: &Source, value: &Value) -> Vec<Remark> {
    let remark = |pointer: String, constraint: &str, level, message, fix| {
        let (line, column) = source.place_of(&pointer);
        Remark { file: path.display().to_string(), line, column, pointer, constraint: constraint.to_owned(), level, message, fix }
    };
    let broken = oscal::validate::constraints(value);
    // NIST's constraints also say what one of our own rules says; once is enough.
    let is_told = |problem: &oscal::Problem| {
        let near = |other: &str| other.starts_with(&problem.pointer) || problem.pointer.starts_with(other);
        matches!(problem.constraint, "property-namespace" | "unique-id" | "unique-uuid")
            && broken.iter().any(|other| near(&other.problem.pointer))
    };
    let mut remarks: Vec<Remark> = oscal::validate::validate(value)
        .into_iter()
        .filter(|problem| !is_told(problem))
        .map(|problem| {
            let level = if problem.constraint == "reference" { Level::Warning } else { Level::Error };
            remark(problem.pointer, problem.constraint, level, problem.message, problem.fix)
        })
        .collect();
    for Broken { gravity, problem } in broken {
        let level = if gravity == Gravity::Error { Level::Error } else { Level::Warning };
        remarks.push(remark(problem.pointer, problem.constraint, level, problem.message, problem.fix));
    }
    let method = "/profile/merge/combine/method";
    if value.pointer(method).is_some() {
        let message = "the schemas of OSCAL 1.2 leave this field out by mistake, and the specification has it, so it is accepted".into();
        remarks.push(remark(method.into(), "combine-method", Level::Note, message, "see usnistgov/OSCAL#2259".into()));
    }
    remarks.sort_by_key(|remark| (remark.line, remark.column));
    remarks
}
