//! What is wrong with documents as a SARIF 2.1.0 log (OASIS, 2020), which code hosts and editors show beside the lines.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::validate::{Level, Remark};

/// The log.
pub fn log(remarks: &[Remark]) -> Value {
    let rules: BTreeSet<&str> = remarks.iter().map(|remark| remark.constraint.as_str()).collect();
    let driver = json!({
        "name": "assize",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules.into_iter().map(|rule| json!({ "id": rule })).collect::<Vec<_>>(),
    });
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "results": remarks.iter().map(result).collect::<Vec<_>>() }],
    })
}

fn result(remark: &Remark) -> Value {
    let level = match remark.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let mut place = json!({ "artifactLocation": { "uri": address(&remark.file) } });
    // SARIF counts from one; what is about the whole file names no line.
    if remark.line > 0 {
        place["region"] = json!({ "startLine": remark.line, "startColumn": remark.column.max(1) });
    }
    json!({
        "ruleId": remark.constraint,
        "level": level,
        "message": { "text": format!("{}; {}", remark.message, remark.fix) },
        "locations": [{ "physicalLocation": place, "logicalLocations": [{ "fullyQualifiedName": remark.pointer }] }],
    })
}

/// A file's name as a URI reference.
fn address(file: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:@!$&'()*+,;=".contains(&byte);
    let written = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    file.replace('\\', "/").bytes().map(written).collect()
}
