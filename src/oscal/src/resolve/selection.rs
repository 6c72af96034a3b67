//! The selection phase: what one import takes of a catalog, with the groups and controls around it.

use super::body::Body;
use super::{Run, import::glob};
use crate::{Control, Group, Import, Parameter, SelectControls, Token, WithChildControls};

/// What an import took, and the parameters of the controls that it left: these are needed where something taken refers to them.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) body: Body,
    pub(super) left: Vec<Parameter>,
    /// How many controls it took.
    pub(super) taken: usize,
}

/// Takes what the import chooses. `href` is the place of the catalog, `place` that of the profile.
pub(super) fn select(source: Body, import: &Import, href: &str, place: &str, run: &mut Run) -> Selection {
    told_of_nothing(&source, import, href, run);
    let mut picker = Picker { import, left: Vec::new(), taken: Vec::new() };
    let body =
        Body { params: source.params, controls: picker.controls(source.controls, Above::default()), groups: picker.groups(source.groups) };
    let taken = picker.taken.len();
    for (control, how) in picker.taken {
        run.step(&control, place, format!("taken from `{href}`{how}"));
    }
    Selection { body, left: picker.left, taken }
}

fn told_of_nothing(source: &Body, import: &Import, href: &str, run: &mut Run) {
    let mut known = std::collections::HashSet::new();
    source.for_each_control(&mut |control| known.extend([control.id.clone()]));
    for id in import.include_controls.iter().chain(&import.exclude_controls).flat_map(|selection| &selection.with_ids) {
        if !known.contains(id) {
            run.warnings.push(format!("control `{id}` is named, but `{href}` does not have it"));
        }
    }
}

struct Picker<'i> {
    import: &'i Import,
    left: Vec<Parameter>,
    taken: Vec<(String, String)>,
}

/// Whether something above a control brings it along, or takes it out with itself.
#[derive(Clone, Copy, Default)]
struct Above {
    included: bool,
    excluded: bool,
}

impl Picker<'_> {
    fn groups(&mut self, groups: Vec<Group>) -> Vec<Group> {
        groups.into_iter().filter_map(|group| self.group(group)).collect()
    }

    /// The group with what is taken of it; nothing of a group of which nothing is.
    fn group(&mut self, mut group: Group) -> Option<Group> {
        group.groups = self.groups(group.groups);
        group.controls = self.controls(group.controls, Above::default());
        let is_empty = group.groups.is_empty() && group.controls.is_empty();
        if is_empty {
            self.left.append(&mut group.params);
        }
        (!is_empty).then_some(group)
    }

    fn controls(&mut self, controls: Vec<Control>, above: Above) -> Vec<Control> {
        controls.into_iter().flat_map(|control| self.control(control, above)).collect()
    }

    /// The control with what is taken below it; those below alone where the control itself is not taken.
    fn control(&mut self, mut control: Control, above: Above) -> Vec<Control> {
        let included = self.included_by(&control.id);
        let excluded = named(&self.import.exclude_controls, &control.id);
        let is_taken = (included.is_some() || above.included) && excluded.is_none() && !above.excluded;
        let below = Above {
            included: above.included || included.as_ref().is_some_and(|how| how.with_children),
            excluded: above.excluded || excluded.is_some_and(|how| how.with_children),
        };
        if is_taken {
            let how = included.map_or_else(|| ", with the control above it".to_owned(), |how| how.told);
            self.taken.push((control.id.to_string(), how));
        }
        let inner = std::mem::take(&mut control.controls);
        let inner = self.controls(inner, below);
        match is_taken {
            true => {
                control.controls = inner;
                vec![control]
            }
            false => {
                self.left.append(&mut control.params);
                inner
            }
        }
    }

    /// An import that includes nothing in particular includes everything.
    fn included_by(&self, id: &Token) -> Option<How> {
        if self.import.include_all.is_some() || self.import.include_controls.is_empty() {
            return Some(How { with_children: true, told: ", with everything".into() });
        }
        named(&self.import.include_controls, id)
    }
}

/// By what a control is chosen.
pub(super) struct How {
    pub(super) with_children: bool,
    told: String,
}

/// Whether one of the selections names the control, and how; one that brings those below along is preferred.
pub(super) fn named(selections: &[SelectControls], id: &Token) -> Option<How> {
    let by = |selection: &SelectControls| {
        let with_children = selection.with_child_controls == Some(WithChildControls::Yes);
        let pattern =
            selection.matching.iter().filter_map(|matching| matching.pattern.as_ref()).find(|pattern| glob(pattern.as_str(), id.as_str()));
        match (selection.with_ids.contains(id), pattern) {
            (true, _) => Some(How { with_children, told: format!(", as `{id}`") }),
            (false, Some(pattern)) => Some(How { with_children, told: format!(", as `{pattern}`") }),
            (false, None) => None,
        }
    };
    selections.iter().filter_map(by).max_by_key(|how| how.with_children)
}
