//! Selects controls: follows a profile's imports to catalogs, applies include and exclude, and gives every parameter its value.
//!
//! This is what an assessment needs to know. Full profile resolution, which also applies alterations, merges groups and writes
//! a catalog, is not done here: titles, statements and objectives are those of the catalog.

mod glob;
mod import;
mod parameter;

use std::collections::BTreeMap;

use serde_json::Value;

pub use parameter::{PARAMETER_NS, ParameterType};

use crate::{Control, Document, Import, Part, Profile, ReadError, SelectControls, Token};

/// The controls that a profile selects, in the order of its imports and of their catalogs.
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
    /// The control as its catalog has it, without the controls below it.
    pub control: Control,
    /// The values by the name of the parameter, which is its id without the leading `<control>_`. A parameter without a value is absent.
    pub parameters: BTreeMap<String, Value>,
}

impl SelectedControl {
    /// The id of the control.
    pub fn id(&self) -> &Token {
        &self.control.id
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
        parameter::gather_text(part, &self.control, &mut lines);
        lines.join("\n")
    }
}

/// Why a selection cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SelectError {
    /// A document could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Profiles import each other.
    #[error("profiles import each other in a circle: {}; take one of these imports out", .chain.join(" → "))]
    Circular {
        /// The imports that lead back to the first.
        chain: Vec<String>,
    },
    /// An import is neither catalog nor profile.
    #[error("`{href}` is imported, but is of the model `{root}`; import a catalog or a profile")]
    NotControls {
        /// What is imported.
        href: String,
        /// The root it has.
        root: &'static str,
    },
    /// An import points at a back-matter resource that is not there or says no place.
    #[error("the import `{href}` finds no back-matter resource with an `rlink`; add one or import the file itself")]
    NoResource {
        /// What is imported.
        href: String,
    },
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

/// Opens the document at a place: a path relative to the folder of the first profile, or an absolute address as it was written.
pub type Load<'a> = dyn FnMut(&str) -> Result<Document, ReadError> + 'a;

/// Selects the controls of a profile, loading what it imports.
pub fn select(profile: &Profile, load: &mut Load<'_>) -> Result<SelectedControls, SelectError> {
    let mut unmatched = Vec::new();
    let chosen = chosen_by(profile, "", &mut Vec::new(), load, &mut unmatched)?;
    let mut met = std::collections::HashSet::new();
    let first_met = chosen.into_iter().map(|offer| offer.control).filter(|control| met.insert(control.id.clone()));
    let controls = first_met.map(|control| {
        let parameters = parameter::values(&control)?;
        Ok(SelectedControl { control, parameters })
    });
    Ok(SelectedControls { controls: controls.collect::<Result<_, SelectError>>()?, unmatched })
}

/// The controls of one profile, its own parameters set. `place` is where the profile lies, `chain` how we came there.
fn chosen_by(
    profile: &Profile,
    place: &str,
    chain: &mut Vec<String>,
    load: &mut Load<'_>,
    unmatched: &mut Vec<String>,
) -> Result<Vec<Offer>, SelectError> {
    let mut chosen = Vec::new();
    for import in &profile.imports {
        let href = import::place_of(import.href.as_str(), place, profile)?;
        let offered = offered_by(&href, chain, load, unmatched)?;
        for id in ids_named(&import.include_controls).chain(ids_named(&import.exclude_controls)) {
            if !offered.iter().any(|offer| offer.control.id == *id) {
                unmatched.push(format!("control `{id}` is named, but `{href}` does not have it"));
            }
        }
        pick(&offered, import, &mut chosen);
    }
    let settings = profile.modify.iter().flat_map(|modify| &modify.set_parameters);
    for setting in settings {
        if !parameter::set(chosen.iter_mut().map(|offer| &mut offer.control), setting) {
            unmatched.push(format!("parameter `{}` is set, but no selected control has it", setting.param_id));
        }
    }
    Ok(chosen)
}

/// A control that may be picked, and which one lies above it.
struct Offer {
    control: Control,
    above: Option<usize>,
}

fn offered_by(href: &str, chain: &mut Vec<String>, load: &mut Load<'_>, unmatched: &mut Vec<String>) -> Result<Vec<Offer>, SelectError> {
    if let Some(first) = chain.iter().position(|step| step == href) {
        let circle = chain[first..].iter().cloned().chain([href.to_owned()]);
        return Err(SelectError::Circular { chain: circle.collect() });
    }
    match load(href)? {
        Document::Catalog(catalog) => {
            let mut offers = Vec::new();
            offer_all(catalog.controls, None, &mut offers);
            offer_groups(catalog.groups, &mut offers);
            Ok(offers)
        }
        Document::Profile(profile) => {
            chain.push(href.to_owned());
            let mut offers = chosen_by(&profile, href, chain, load, unmatched)?;
            chain.pop();
            if !keeps_nesting(&profile) {
                offers.iter_mut().for_each(|offer| offer.above = None);
            }
            Ok(offers)
        }
        other @ (Document::AssessmentPlan(_) | Document::AssessmentResults(_) | Document::PlanOfActionAndMilestones(_)) => {
            Err(SelectError::NotControls { href: href.to_owned(), root: other.root() })
        }
    }
}

fn offer_groups(groups: Vec<crate::Group>, offers: &mut Vec<Offer>) {
    for group in groups {
        offer_all(group.controls, None, offers);
        offer_groups(group.groups, offers);
    }
}

/// Offers controls in document order, each before those below it.
fn offer_all(controls: Vec<Control>, above: Option<usize>, offers: &mut Vec<Offer>) {
    for mut control in controls {
        let below = std::mem::take(&mut control.controls);
        offers.push(Offer { control, above });
        let here = offers.len() - 1;
        offer_all(below, Some(here), offers);
    }
}

/// Only a profile that merges as-is hands on which control lies above which; a flat list is the default.
fn keeps_nesting(profile: &Profile) -> bool {
    profile.merge.as_ref().is_some_and(|merge| merge.as_is == Some(true))
}

/// Adds what an import takes of what is offered; a control then lies below the nearest one above it that is taken too.
fn pick(offers: &[Offer], import: &Import, chosen: &mut Vec<Offer>) {
    let mut new_place: Vec<Option<usize>> = Vec::with_capacity(offers.len());
    for (at, offer) in offers.iter().enumerate() {
        let above = offer.above.and_then(|above| new_place[above]);
        let included = import.include_all.is_some() || chooses(&import.include_controls, offers, at);
        if included && !chooses(&import.exclude_controls, offers, at) {
            chosen.push(Offer { control: offer.control.clone(), above });
            new_place.push(Some(chosen.len() - 1));
        } else {
            new_place.push(above);
        }
    }
}

/// Whether any of the selections names this control, or one above it together with what is below.
fn chooses(selections: &[SelectControls], offers: &[Offer], at: usize) -> bool {
    selections.iter().any(|selection| {
        let with_children = selection.with_child_controls == Some(crate::WithChildControls::Yes);
        let mut here = Some(at);
        while let Some(at) = here {
            if names(selection, &offers[at].control.id) {
                return true;
            }
            here = offers[at].above.filter(|_| with_children);
        }
        false
    })
}

fn names(selection: &SelectControls, id: &Token) -> bool {
    let patterns = selection.matching.iter().filter_map(|matching| matching.pattern.as_ref());
    selection.with_ids.contains(id) || patterns.into_iter().any(|pattern| glob::matches(pattern.as_str(), id.as_str()))
}

fn ids_named(selections: &[SelectControls]) -> impl Iterator<Item = &Token> {
    selections.iter().flat_map(|selection| &selection.with_ids)
}

#[cfg(test)]
mod tests;
