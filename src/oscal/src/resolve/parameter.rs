//! Parameters in a resolution: they are set, and those without a control stay only where something refers to them.

use super::Run;
use super::merge::Merged;
use super::references::References;
use crate::{Parameter, SetParameter};

/// Applies every setting in turn, wherever the parameter stands.
pub(super) fn set_all(merged: &mut Merged, settings: &[SetParameter], place: &str, run: &mut Run) {
    for setting in settings {
        let mut steps = Vec::new();
        let mut found = false;
        merged.body.for_each_control_mut(&mut |control| {
            for parameter in control.params.iter_mut().filter(|parameter| parameter.id == setting.param_id) {
                set(parameter, setting);
                steps.push(control.id.to_string());
            }
        });
        let mut set_loose = |params: &mut Vec<Parameter>| {
            for parameter in params.iter_mut().filter(|parameter| parameter.id == setting.param_id) {
                set(parameter, setting);
                found = true;
            }
        };
        merged.body.for_each_loose_mut(&mut set_loose);
        set_loose(&mut merged.loose);
        if steps.is_empty() && !found {
            run.warnings.push(format!("parameter `{}` is set, but no selected control has it", setting.param_id));
        }
        steps.into_iter().for_each(|control| run.step(&control, place, told(setting)));
    }
}

fn told(setting: &SetParameter) -> String {
    let values: Vec<&str> = setting.values.iter().map(crate::Text::as_str).collect();
    match values.is_empty() {
        true => format!("parameter `{}` is set", setting.param_id),
        false => format!("parameter `{}` is set to `{}`", setting.param_id, values.join("`, `")),
    }
}

/// Replaces class, label, usage, and values or choices; replaces properties and links of the same name; adds the rest.
fn set(parameter: &mut Parameter, setting: &SetParameter) {
    let replace = |own: &mut Option<_>, new: &Option<_>| {
        if new.is_some() {
            own.clone_from(new);
        }
    };
    replace(&mut parameter.class, &setting.class);
    replace(&mut parameter.depends_on, &setting.depends_on);
    if setting.label.is_some() {
        parameter.label.clone_from(&setting.label);
    }
    if setting.usage.is_some() {
        parameter.usage.clone_from(&setting.usage);
    }
    if !setting.values.is_empty() || setting.select.is_some() {
        parameter.values.clone_from(&setting.values);
        parameter.select.clone_from(&setting.select);
    }
    for prop in &setting.props {
        parameter.props.retain(|own| own.name != prop.name || own.ns != prop.ns);
        parameter.props.push(prop.clone());
    }
    for link in &setting.links {
        parameter.links.retain(|own| own.href != link.href || own.rel != link.rel);
        parameter.links.push(link.clone());
    }
    parameter.constraints.extend(setting.constraints.iter().cloned());
    parameter.guidelines.extend(setting.guidelines.iter().cloned());
}

/// Lets go of loose parameters that nothing refers to, and keeps with the catalog those that lost their control and are needed.
pub(super) fn settle(merged: &mut Merged, references: &References) {
    merged.body.for_each_loose_mut(&mut |params| params.retain(|parameter| references.has_param(parameter.id.as_str())));
    let mut anchored = std::collections::HashSet::new();
    merged.body.for_each_control(&mut |control| anchored.extend(control.params.iter().map(|parameter| parameter.id.clone())));
    merged.body.for_each_loose_mut(&mut |params| anchored.extend(params.iter().map(|parameter| parameter.id.clone())));
    for parameter in std::mem::take(&mut merged.loose) {
        if references.has_param(parameter.id.as_str()) && anchored.insert(parameter.id.clone()) {
            merged.body.params.push(parameter);
        }
    }
}
