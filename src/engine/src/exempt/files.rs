//! Exemptions of files go the way of all exemptions: what was added, edited and taken out of them becomes steps.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Exemption, ExemptionChange, ExemptionStep, Held, IllegalStep, Origin};

/// The steps that bring the record to what the files say now. None where nothing was edited.
///
/// An entry whose exemption was revoked stays revoked as long as the entry is not edited: otherwise it would be back at the next reading.
///
/// # Errors
/// If the files use the id of an exemption that was asked for by a command.
pub fn from_files(previous: &BTreeMap<String, Held>, files: &[Exemption], at: Timestamp) -> Result<Vec<ExemptionStep>, IllegalStep> {
    let mut steps = Vec::new();
    for entry in files {
        for change in changes(previous.get(&entry.id), entry)? {
            steps.push(ExemptionStep::new(&entry.id, at, change));
        }
    }
    let there: BTreeSet<&str> = files.iter().map(|entry| entry.id.as_str()).collect();
    let gone = |(id, held): &(&String, &Held)| held.origin == Origin::File && !held.standing.is_over() && !there.contains(id.as_str());
    steps.extend(previous.iter().filter(gone).map(|(id, _)| ExemptionStep::new(id, at, ExemptionChange::Removed)));
    Ok(steps)
}

fn changes(held: Option<&Held>, entry: &Exemption) -> Result<Vec<ExemptionChange>, IllegalStep> {
    let Some(held) = held else { return Ok(added(entry)) };
    let over = held.standing.is_over();
    let same = held.exemption().as_ref() == Some(entry);
    Ok(match (held.origin, over) {
        (Origin::Request, false) => {
            return Err(IllegalStep {
                exemption: entry.id.clone(),
                step: "taken from the files",
                why: format!("`{}` asked for one of that id by a command; give the entry another id", held.requested_by),
            });
        }
        (Origin::Request, true) => added(entry),
        (Origin::File, true) if same && held.standing != super::Standing::Removed => Vec::new(),
        (Origin::File, true) => added(entry),
        (Origin::File, false) if same => Vec::new(),
        (Origin::File, false) => vec![ExemptionChange::Changed { exemption: entry.clone() }],
    })
}

fn added(entry: &Exemption) -> Vec<ExemptionChange> {
    let request = ExemptionChange::Requested { by: entry.owner.clone(), origin: Origin::File, request: entry.clone().into() };
    let approval = ExemptionChange::Approved { by: entry.approved_by.clone(), on: entry.approved_on, note: None };
    vec![request, approval]
}
