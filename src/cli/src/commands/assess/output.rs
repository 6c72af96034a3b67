//! Checks what is to be written, writes it atomically, and shows it.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use engine::Emission;
use oscal::{Document, Layout};
use report::View;
use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Where everything was written.
pub struct Files {
    /// The assessment plan.
    pub plan: PathBuf,
    /// The assessment results.
    pub results: PathBuf,
    /// The report for people.
    pub html: PathBuf,
    /// A line per verdict.
    pub lines: PathBuf,
}

/// Checks the documents, then writes all files, the results last. Each file is whole or not there.
pub fn write(folder: &Path, emission: &Emission) -> Result<Files, Failure> {
    check(emission)?;
    let files = Files {
        plan: folder.join("assessment-plan.json"),
        results: folder.join("assessment-results.json"),
        html: folder.join("report.html"),
        lines: folder.join("verdicts.jsonl"),
    };
    let view = View::new(&emission.plan, &emission.results);
    for (account, list) in &emission.evidence {
        put(&folder.join("evidence").join(format!("{account}.sha256")), &mut |out| out.write_all(list.as_bytes()))?;
    }
    put(&files.plan, &mut |out| Document::AssessmentPlan(Box::new(emission.plan.clone())).to_writer(out, Layout::Pretty))?;
    put(&files.html, &mut |out| report::html(&view, out))?;
    put(&files.lines, &mut |out| report::json_lines(&view, out))?;
    put(&files.results, &mut |out| oscal::write_results(&emission.results, out, Layout::Compact))?;
    Ok(files)
}

/// A document of ours that breaks a rule of OSCAL is a bug of ours, and is not written.
fn check(emission: &Emission) -> Result<(), Failure> {
    let mut problems = oscal::validate_plan(&emission.plan);
    problems.extend(oscal::validate_results(&emission.results));
    match problems.first() {
        None => Ok(()),
        Some(first) => Err(Failure::internal(format!("we made a document that is not valid OSCAL, and did not write it: {first} ({} problems)", problems.len()))),
    }
}

fn put(path: &Path, fill: &mut dyn FnMut(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::internal(format!("cannot write `{}`: {error}", path.display()));
    let folder = path.parent().expect("a file has a folder");
    std::fs::create_dir_all(folder).map_err(told)?;
    let mut file = NamedTempFile::new_in(folder).map_err(told)?;
    let mut out = BufWriter::new(file.as_file_mut());
    fill(&mut out).and_then(|()| out.flush()).map_err(told)?;
    drop(out);
    file.as_file().sync_all().map_err(told)?;
    file.persist(path).map_err(|error| told(error.error))?;
    Ok(())
}

/// The table, and where the files lie.
pub fn show(emission: &Emission, files: &Files) -> Result<(), Failure> {
    let out = std::io::stdout();
    let color = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let width = comfy_table::Table::new().width().filter(|_| out.is_terminal()).unwrap_or(100);
    let view = View::new(&emission.plan, &emission.results);
    let text = format!(
        "{}\nOSCAL assessment results: {}\nReport: {}\n",
        report::console(&view, width, color),
        files.results.display(),
        files.html.display()
    );
    match out.lock().write_all(text.as_bytes()) {
        // Whoever closed the pipe has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::internal),
    }
}
