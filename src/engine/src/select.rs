//! The engine's controls out of OSCAL's: what a profile selects, with statement, target and parameter values.

use std::collections::BTreeMap;

use oscal::SelectedControl;
use serde_json::Value;

use crate::plan::{Control, Target};

/// Why a selected control cannot be assessed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ControlError {
    /// Findings need something to point at.
    #[error("control `{0}` has neither an assessment objective nor a statement with an id; OSCAL findings target one of these")]
    NoTarget(String),
}

/// The control as the engine knows it.
///
/// # Errors
/// If a finding could not point at anything in it.
pub fn control(selected: &SelectedControl) -> Result<Control, ControlError> {
    let id = selected.id().to_string();
    let named = |part: Option<&oscal::Part>| part.and_then(|part| Some((part.id.as_ref()?.to_string(), selected.text_of(part))));
    let statement = named(selected.statement());
    let (target, objective) = match (named(selected.objective()), &statement) {
        (Some((target, text)), _) => (Target::Objective(target), text),
        (None, Some((target, text))) => (Target::Statement(target.clone()), text.clone()),
        (None, None) => return Err(ControlError::NoTarget(id)),
    };
    let params: BTreeMap<_, _> = selected.parameters.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(Control {
        id,
        title: selected.control.title.to_string(),
        statement: statement.map(|(_, text)| text).unwrap_or_else(|| objective.clone()),
        target,
        objective,
        params: Value::Object(params.into_iter().collect()),
    })
}
