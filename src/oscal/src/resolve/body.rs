//! What a catalog holds besides its metadata and back matter, and ways through it.

use crate::{Control, Group, Parameter};

/// Parameters of no control, controls of no group, and groups.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Body {
    pub(super) params: Vec<Parameter>,
    pub(super) controls: Vec<Control>,
    pub(super) groups: Vec<Group>,
}

impl Body {
    /// Every control, each before those below it, groups after the controls of none.
    pub(super) fn for_each_control<'b>(&'b self, see: &mut dyn FnMut(&'b Control)) {
        in_controls(&self.controls, see);
        in_groups(&self.groups, see);
    }

    /// The same, to be changed.
    pub(super) fn for_each_control_mut(&mut self, change: &mut dyn FnMut(&mut Control)) {
        in_controls_mut(&mut self.controls, change);
        in_groups_mut(&mut self.groups, change);
    }

    /// Every list of parameters that belongs to no control: the catalog's, and those of groups.
    pub(super) fn for_each_loose_mut(&mut self, change: &mut dyn FnMut(&mut Vec<Parameter>)) {
        change(&mut self.params);
        loose_in_groups(&mut self.groups, change);
    }
}

fn in_controls<'b>(controls: &'b [Control], see: &mut dyn FnMut(&'b Control)) {
    for control in controls {
        see(control);
        in_controls(&control.controls, see);
    }
}

fn in_groups<'b>(groups: &'b [Group], see: &mut dyn FnMut(&'b Control)) {
    for group in groups {
        in_controls(&group.controls, see);
        in_groups(&group.groups, see);
    }
}

fn in_controls_mut(controls: &mut [Control], change: &mut dyn FnMut(&mut Control)) {
    for control in controls {
        change(control);
        in_controls_mut(&mut control.controls, change);
    }
}

fn in_groups_mut(groups: &mut [Group], change: &mut dyn FnMut(&mut Control)) {
    for group in groups {
        in_controls_mut(&mut group.controls, change);
        in_groups_mut(&mut group.groups, change);
    }
}

fn loose_in_groups(groups: &mut [Group], change: &mut dyn FnMut(&mut Vec<Parameter>)) {
    for group in groups {
        change(&mut group.params);
        loose_in_groups(&mut group.groups, change);
    }
}
