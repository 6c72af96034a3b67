//! What makes a check hard to trust, although it loads: cases that are missing, evidence that is not shown, words that do not help.

use std::path::Path;

use crate::cases::{self, Expected};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::pack::Pack;

/// Everything that is wrong with the checks in `controls`.
pub fn run(controls: &Path, pack: &Pack) -> Vec<Diagnostic> {
    pack.checks().iter().flat_map(|check| lint(controls, check)).collect()
}

fn lint(controls: &Path, check: &Check) -> Vec<Diagnostic> {
    let folder = cases::folder_of(controls, check);
    let file = folder.join("check.toml").display().to_string();
    let mut found = Vec::new();
    let mut tell = |what: String, fix: &str| found.push(Diagnostic { file: file.clone(), line: 0, column: 0, what, fix: fix.into() });
    let cases = cases::of(&folder);
    for (expected, name) in [(Expected::Pass, "pass"), (Expected::Fail, "fail"), (Expected::Unknown, "unknown")] {
        if !cases.iter().any(|case| case.expected == expected) {
            tell(format!("no `{name}-*.json`"), "add a recorded document; every check shows all three");
        }
    }
    for (name, text) in [("title", check.title()), ("why", check.why()), ("fix", check.fix())] {
        if text.trim().is_empty() {
            tell(format!("`{name}` is empty"), "write it for somebody who sees the failure at night");
        }
    }
    if check.title().ends_with('.') {
        tell("the title ends with a full stop".into(), "remove it; a title is no sentence of the report");
    }
    if check.evidence_paths().is_empty() {
        tell("no evidence".into(), "name the paths that decide, such as `resource.Encryption`");
    }
    found
}
