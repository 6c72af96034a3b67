//! Selects controls: what an assessment needs to know of a resolved profile, each control once, with the values of its parameters.

mod parameter;
mod prose;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

pub use parameter::{PARAMETER_NS, ParameterType};

use crate::datatype::Text;
use crate::resolve::{Frame, Load, ResolveError, resolve};
use crate::{Catalog, Control, Group, Parameter, Part, Profile, Token};

/// The controls that a profile selects, in the order in which its resolution has them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SelectedControls {
    /// The controls. One that comes in twice is listed once, as it came first.
    pub controls: Vec<SelectedControl>,
    /// What profiles name and no import has, one sentence each: likely a slip of the pen, and never dropped in silence.
    pub unmatched: Vec<String>,
}

/// A selected control with the values of its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectedControl {
    /// The control as the profile leaves it, without the controls below it.
    pub control: Control,
    /// The values by the name of the parameter, which is its id without the leading `<control>_`. A parameter without a value is absent.
    pub parameters: BTreeMap<String, Value>,
    /// Parameters of the catalog and its groups, which prose may name as well.
    pub around: Arc<[Parameter]>,
}

impl SelectedControl {
    /// A control as it stands in a catalog, to be read by people.
    pub fn of(control: Control, around: Arc<[Parameter]>) -> Self {
        Self { control, parameters: BTreeMap::new(), around }
    }

    /// The id of the control.
    pub fn id(&self) -> &Token {
        &self.control.id
    }

    /// Gives a parameter of the control these values, as whoever has a later word than the profile does: a component definition, a
    /// system security plan. Whether the control has the parameter.
    ///
    /// # Errors
    /// If a value is not of the parameter's type.
    pub fn set(&mut self, parameter: &str, values: &[Text]) -> Result<bool, SelectError> {
        let Some(own) = self.control.params.iter_mut().find(|own| own.id == parameter) else { return Ok(false) };
        own.values = values.to_vec();
        self.parameters = parameter::values(&self.control)?;
        Ok(true)
    }

    /// The statement: what the control demands.
    pub fn statement(&self) -> Option<&Part> {
        self.control.parts.iter().find(|part| part.name == "statement")
    }

    /// The assessment objective: what a finding is about.
    pub fn objective(&self) -> Option<&Part> {
        self.control.parts.iter().find(|part| part.name == "assessment-objective" || part.name == "objective")
    }

    /// The text of a part of this control and of all parts below it, with the parameters put in.
    pub fn text_of(&self, part: &Part) -> String {
        let mut lines = Vec::new();
        prose::Names::new(&self.control.params, &self.around).gather(part, &mut lines);
        lines.join("\n")
    }
}

/// Why a selection cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SelectError {
    /// The profile cannot be resolved.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// A value does not fit the type of its parameter.
    #[error("parameter `{parameter}` has the value `{value}`, which is not {expected}")]
    Parameter {
        /// The id of the parameter.
        parameter: String,
        /// The values, as written.
        value: String,
        /// What would have been right.
        expected: &'static str,
    },
}

/// Selects the controls of a profile that lies at the empty place, loading what it imports.
///
/// ```
/// use oscal::{Document, read_json, select};
///
/// let metadata = r#""metadata": {"title": "T", "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3"}"#;
/// let catalog = format!(r#"{{"catalog": {{"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", {metadata}, "controls": [{{"id": "a-1", "title": "A",
///     "params": [{{"id": "a-1_age", "values": ["90 days"]}}],
///     "parts": [{{"name": "statement", "prose": "No older than {{{{ insert: param, a-1_age }}}}."}}]}}]}}}}"#);
/// let profile = format!(r#"{{"profile": {{"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c15", {metadata}, "imports": [{{"href": "c.json", "include-all": {{}}}}],
///     "modify": {{"set-parameters": [{{"param-id": "a-1_age", "values": ["30 days"]}}]}}}}}}"#);
///
/// let Document::Profile(profile) = read_json(profile.as_bytes(), "p.json")? else { unreachable!() };
/// let selected = select(&profile, &mut |place| read_json(catalog.as_bytes(), place))?;
/// let control = &selected.controls[0];
/// assert_eq!(control.parameters["age"], "30 days");
/// assert_eq!(control.text_of(control.statement().expect("there is one")), "No older than 30 days.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
///
/// # Errors
/// If the profile cannot be resolved, or a parameter's value is not of its type.
pub fn select(profile: &Profile, load: &mut Load<'_>) -> Result<SelectedControls, SelectError> {
    let tool = Text::fitted("select").expect("a word is text");
    let metadata = &profile.metadata;
    let frame =
        Frame { uuid: profile.uuid, last_modified: metadata.last_modified.clone(), oscal_version: metadata.oscal_version.clone(), tool };
    let resolved = resolve(profile, "", &frame, load)?;
    let around = parameters_around(&resolved.catalog);
    let mut all = Vec::new();
    gather(resolved.catalog.controls, &mut all);
    gather_groups(resolved.catalog.groups, &mut all);
    let mut met = std::collections::HashSet::new();
    let controls = all.into_iter().filter(|control| met.insert(control.id.clone())).map(|control| {
        let parameters = parameter::values(&control)?;
        Ok(SelectedControl { control, parameters, around: Arc::clone(&around) })
    });
    Ok(SelectedControls { controls: controls.collect::<Result<_, SelectError>>()?, unmatched: resolved.warnings })
}

/// The parameters that a catalog and its groups have outside of controls.
pub fn parameters_around(catalog: &Catalog) -> Arc<[Parameter]> {
    fn of_group(group: &Group, found: &mut Vec<Parameter>) {
        found.extend(group.params.iter().cloned());
        group.groups.iter().for_each(|inner| of_group(inner, found));
    }
    let mut found = catalog.params.clone();
    catalog.groups.iter().for_each(|group| of_group(group, &mut found));
    found.into()
}

/// Controls in document order, each before those below it and without them.
fn gather(controls: Vec<Control>, all: &mut Vec<Control>) {
    for mut control in controls {
        let below = std::mem::take(&mut control.controls);
        all.push(control);
        gather(below, all);
    }
}

fn gather_groups(groups: Vec<Group>, all: &mut Vec<Control>) {
    for group in groups {
        gather(group.controls, all);
        gather_groups(group.groups, all);
    }
}

#[cfg(test)]
mod tests;
