//! `assize oscal validate`: everything that is wrong with documents, each thing with its place and its fix.

use std::path::{Path, PathBuf};

use oscal::validate::{Broken, Gravity};
use oscal::{Problem, ReadError, Source};
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
    // What is about the whole file has neither line nor pointer.
    let place = if *line == 0 { String::new() } else { format!(":{line}:{column}") };
    let at = if pointer.is_empty() { String::new() } else { format!("at `{pointer}`: ") };
    format!("{file}{place}: {level}{at}{message}; {fix} ({constraint})")
}

/// What cannot even be read is one remark, so that one broken file does not hide the others.
fn of_file(path: &Path) -> Vec<Remark> {
    let read = files::source(path).and_then(|source| Ok((source.value()?, source)));
    match read {
        Ok((value, source)) => of_document(path, &source, &value),
        Err(ReadError { origin: file, line, column, pointer, what: message, fix }) => {
            vec![Remark { file, line, column, pointer, constraint: "readable".to_owned(), level: Level::Error, message, fix }]
        }
    }
}

fn of_document(path: &Path, source: &Source, value: &Value) -> Vec<Remark> {
    let broken = oscal::validate::constraints(value);
    // NIST's constraints also say what one of our own rules says; once is enough.
    let is_told = |problem: &Problem| {
        let near = |other: &str| other.starts_with(&problem.pointer) || problem.pointer.starts_with(other);
        matches!(problem.constraint, "property-namespace" | "unique-id" | "unique-uuid")
            && broken.iter().any(|other| near(&other.problem.pointer))
    };
    let own = oscal::validate::validate(value).into_iter().filter(|problem| !is_told(problem)).map(|problem| {
        let level = if problem.constraint == "reference" { Level::Warning } else { Level::Error };
        (level, problem)
    });
    let mut found: Vec<(Level, Problem)> = own.collect();
    found.extend(broken.into_iter().map(|Broken { gravity, problem }| match gravity {
        Gravity::Error => (Level::Error, problem),
        Gravity::Warning => (Level::Warning, problem),
    }));
    found.extend(value.pointer(METHOD).map(|_| (Level::Note, method())));
    let places = source.places_of(found.iter().map(|(_, problem)| problem.pointer.as_str()));
    let remark = |((level, problem), (line, column)): ((Level, Problem), (usize, usize))| {
        let Problem { pointer, constraint, message, fix } = problem;
        Remark { file: path.display().to_string(), line, column, pointer, constraint: constraint.to_owned(), level, message, fix }
    };
    let mut remarks: Vec<Remark> = found.into_iter().zip(places).map(remark).collect();
    remarks.sort_by_key(|remark| (remark.line, remark.column));
    remarks
}

const METHOD: &str = "/profile/merge/combine/method";

/// What there is to know of a field that the official schemas refuse.
fn method() -> Problem {
    Problem {
        pointer: METHOD.to_owned(),
        constraint: "combine-method",
        message: "the schemas of OSCAL 1.2 leave this field out by mistake, and the specification has it, so it is accepted".to_owned(),
        fix: "see usnistgov/OSCAL#2259".to_owned(),
    }
}
