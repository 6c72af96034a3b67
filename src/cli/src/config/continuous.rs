//! What a schema cannot say of schedules, owners, signing, the daemon and alerts: told with file and line, like everything else.

use checks::Diagnostic;

use super::Config;
use super::toml_file::TomlFile;

/// Everything that is wrong with them.
pub fn problems(file: &TomlFile, config: &Config) -> Vec<Diagnostic> {
    let mut found = schedules(file, config);
    found.extend(owners(file, config));
    found.extend(signing(file, config));
    found.extend(config.daemon.problems().iter().map(|problem| placed(file, "daemon", problem)));
    found.extend(daemon::config::problems_of_all(&config.alert).iter().map(|problem| placed(file, "alert", problem)));
    found
}

fn placed(file: &TomlFile, table: &str, problem: &daemon::Problem) -> Diagnostic {
    let path: Vec<&str> = std::iter::once(table).chain(problem.path.iter().map(String::as_str)).collect();
    let here = path.last().copied().unwrap_or(table);
    file.problem(&path, format!("`{here}`: {}", problem.what), problem.fix.clone())
}

fn schedules(file: &TomlFile, config: &Config) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (place, table) in config.schedule.iter().enumerate() {
        let at = place.to_string();
        for wrong in table.schedule().err().unwrap_or_default() {
            let name = &table.name;
            found.push(file.problem(
                &["schedule", &at, wrong.key],
                format!("schedule `{name}`: `{}`: {}", wrong.key, wrong.what),
                wrong.fix,
            ));
        }
        if config.schedule[..place].iter().any(|other| other.name == table.name) {
            found.push(file.problem(&["schedule", &at, "name"], format!("two schedules are named `{}`", table.name), "rename one"));
        }
    }
    found
}

fn owners(file: &TomlFile, config: &Config) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, owner) in config.owner.iter().enumerate() {
        let at = at.to_string();
        let told = |what: String| file.problem(&["owner", &at], format!("owner `{}`: {what}", owner.name), "correct the rule or remove it");
        found.extend(owner.problems().into_iter().map(told));
    }
    found
}

fn signing(file: &TomlFile, config: &Config) -> Vec<Diagnostic> {
    let ledger = &config.ledger;
    let mut found = Vec::new();
    let mut told = |key: &str, what: &str, fix: &str| found.push(file.problem(&["ledger", key], what, fix));
    if ledger.path.is_some() && ledger.url.is_some() {
        told("url", "both `path` and `url`", "keep one: a SQLite file, or a PostgreSQL database");
    }
    if ledger.key.is_some() && !ledger.signer.is_empty() {
        told("signer", "both `key` and `signer`", "keep one: a key in a file, or a command that signs");
    }
    if !ledger.signer.is_empty() && ledger.verifier.is_none() {
        told("signer", "a command signs, and nobody knows with which key", "add `verifier = \"name+hash+key\"`");
    }
    if let Some(Err(why)) = ledger.verifier.as_ref().map(|text| text.parse::<ledger::Verifier>()) {
        told("verifier", &why, "copy what `assize ledger keygen` printed");
    }
    found
}
