//! Checks what is to be written, writes it atomically, and shows it.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use engine::Emission;
use jiff::Timestamp;
use oscal::validate::{Checker, Part, Problem};
use oscal::{AssessmentPlan, AssessmentResults};
use report::View;
use serde::Serialize;
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

impl Files {
    /// The documents as the ledger keeps them.
    pub fn packed(&self) -> Result<Vec<(&'static str, ledger::Packed)>, Failure> {
        let pack = |(name, path): (&'static str, &PathBuf)| Ok((name, ledger::Packed::file(path).map_err(Failure::internal)?));
        [("assessment-plan", &self.plan), ("assessment-results", &self.results)].into_iter().map(pack).collect()
    }
}

/// A document under its root.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Root<'a> {
    AssessmentPlan(&'a AssessmentPlan),
    AssessmentResults(&'a AssessmentResults),
}

/// Checks the documents, then writes all files, the results last. Each file is whole or not there.
pub fn write(folder: &Path, emission: &mut Emission, now: Timestamp) -> Result<Files, Failure> {
    check(emission)?;
    let files = Files {
        plan: folder.join("assessment-plan.json"),
        results: folder.join("assessment-results.json"),
        html: folder.join("report.html"),
        lines: folder.join("verdicts.jsonl"),
    };
    for (account, list) in &emission.evidence {
        put(&folder.join("evidence").join(format!("{account}.sha256")), &mut |out| out.write_all(list.as_bytes()))?;
    }
    emission.evidence = Default::default();
    let view = View::new(&emission.plan, &emission.results, now);
    put(&files.plan, &mut |out| Ok(serde_json::to_writer_pretty(out, &Root::AssessmentPlan(&emission.plan))?))?;
    put(&files.html, &mut |out| report::html(&view, out))?;
    put(&files.lines, &mut |out| report::json_lines(&view, out))?;
    put(&files.results, &mut |out| Ok(serde_json::to_writer(out, &Root::AssessmentResults(&emission.results))?))?;
    Ok(files)
}

/// A document of ours that breaks a rule of OSCAL is a bug of ours, and is not written.
fn check(emission: &mut Emission) -> Result<(), Failure> {
    let mut problems = oscal::validate(&json(&Root::AssessmentPlan(&emission.plan)));
    problems.extend(results_problems(&mut emission.results));
    match problems.first() {
        None => Ok(()),
        Some(first) => Err(Failure::internal(format!(
            "we made a document that is not valid OSCAL, and did not write it: {first} ({} problems)",
            problems.len()
        ))),
    }
}

/// The results are checked without their long lists, and then item by item, so that a large estate needs no second copy of them.
fn results_problems(results: &mut AssessmentResults) -> Vec<Problem> {
    let result = &mut results.results[0];
    let items = result.local_definitions.as_mut().map(|own| std::mem::take(&mut own.inventory_items)).unwrap_or_default();
    let observations = std::mem::take(&mut result.observations);
    let risks = std::mem::take(&mut result.risks);
    let findings = std::mem::take(&mut result.findings);
    let mut checker = Checker::new(Part::AssessmentResults);
    checker.part(Part::AssessmentResults, "/assessment-results", &json(&*results));
    let base = "/assessment-results/results/0";
    parts(&mut checker, Part::InventoryItem, &format!("{base}/local-definitions/inventory-items"), &items);
    parts(&mut checker, Part::Observation, &format!("{base}/observations"), &observations);
    parts(&mut checker, Part::Risk, &format!("{base}/risks"), &risks);
    parts(&mut checker, Part::Finding, &format!("{base}/findings"), &findings);
    let result = &mut results.results[0];
    if let Some(own) = result.local_definitions.as_mut() {
        own.inventory_items = items;
    }
    result.observations = observations;
    result.risks = risks;
    result.findings = findings;
    checker.finish()
}

fn parts(checker: &mut Checker, part: Part, pointer: &str, items: &[impl Serialize]) {
    items.iter().enumerate().for_each(|(at, item)| checker.part(part, &format!("{pointer}/{at}"), &json(item)));
}

fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).expect("every key is a string")
}

fn put(path: &Path, fill: &mut dyn FnMut(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::internal(format!("cannot write `{}`: {error}", path.display()));
    let folder = path.parent().expect("a file has a folder");
    std::fs::create_dir_all(folder).map_err(told)?;
    let mut file = NamedTempFile::new_in(folder).map_err(told)?;
    let mut out = BufWriter::new(file.as_file_mut());
    fill(&mut out).and_then(|()| out.flush()).map_err(told)?;
    drop(out);
    readable(file.as_file()).map_err(told)?;
    file.as_file().sync_all().map_err(told)?;
    file.persist(path).map_err(|error| told(error.error))?;
    Ok(())
}

/// Temporary files are their owner's alone; results are for the group as well, but hold too much for everybody.
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o640))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// The table, and where the files lie.
pub fn show(emission: &Emission, files: &Files, now: Timestamp) -> Result<(), Failure> {
    let out = std::io::stdout();
    let color = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let width = comfy_table::Table::new().width().filter(|_| out.is_terminal()).unwrap_or(110);
    let view = View::new(&emission.plan, &emission.results, now);
    let text = format!(
        "{}\nOSCAL assessment results  {}\nReport                    {}\n",
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
