//! Documents in and out: what a person names is opened as it is named, and what is written is written whole or not at all.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use oscal::{Document, Layout, ReadError, Source};

use crate::failure::Failure;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    /// JSON, indented
    Json,
    /// JSON without a blank
    Compact,
    /// YAML
    Yaml,
}

/// The bytes of the document at a path; `-` is standard input, in whatever format it comes.
pub fn source(path: &Path) -> Result<Source, ReadError> {
    let name = path.display().to_string();
    match name.as_str() {
        "-" => oscal::read_named(std::io::stdin().lock(), "standard input"),
        _ => {
            let file: Box<dyn Read> = match std::fs::File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => Box::new(Unopened(Some(error))),
            };
            oscal::read_named(file, &name)
        }
    }
}

/// The document at a path.
pub fn document(path: &Path) -> Result<Document, Failure> {
    source(path).and_then(|source| source.document()).map_err(wrong)
}

/// A reading error as the program tells it.
pub fn wrong(error: ReadError) -> Failure {
    Failure::Files(vec![crate::content::told(error)])
}

/// A file that could not be opened fails when it is read, so that there is one way of telling it.
struct Unopened(Option<std::io::Error>);

impl Read for Unopened {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Writes a document to a file, or prints it.
pub fn put(document: &Document, output: Output, to: Option<&PathBuf>) -> Result<(), Failure> {
    let text = match output {
        Output::Json => document.to_json(Layout::Pretty),
        Output::Compact => document.to_json(Layout::Compact) + "\n",
        Output::Yaml => document.to_yaml(),
    };
    match to {
        None => print(&text),
        Some(path) => write(path, text.as_bytes()),
    }
}

/// Writes a file whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::internal(format!("cannot write `{}`: {error}", path.display()));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(told)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(told)?;
    file.persist(path).map_err(|error| told(error.error))?;
    Ok(())
}

/// A document of ours that breaks a rule of OSCAL is a bug of ours, and is not written.
pub fn check(document: &serde_json::Value) -> Result<(), Failure> {
    let problems = oscal::validate(document);
    match problems.first() {
        None => Ok(()),
        Some(first) => Err(Failure::internal(format!(
            "we made a document that is not valid OSCAL, and did not write it: {first} ({} problems)",
            problems.len()
        ))),
    }
}

/// Prints; whoever closed the pipe has seen enough.
pub fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::internal),
    }
}
