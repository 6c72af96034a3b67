//! The merge phase: what comes in twice, and in which groups everything stands.

use std::collections::HashSet;

use super::body::Body;
use super::selection::{Selection, named};
use super::{ResolveError, Run};
use crate::{CombineMethod, Control, Custom, CustomGroup, Group, InsertControls, InsertOrder, Merge, Parameter, Profile, Token};

/// Everything selected, in its final groups. `loose` are parameters that lost their control and may still be needed.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) body: Body,
    pub(super) loose: Vec<Parameter>,
}

/// At most one structure may be asked for.
pub(super) fn one_structure(profile: &Profile, place: &str) -> Result<(), ResolveError> {
    let Some(merge) = &profile.merge else { return Ok(()) };
    let asked = [merge.flat.is_some(), merge.as_is == Some(true), merge.custom.is_some()];
    match asked.iter().filter(|asked| **asked).count() {
        0 | 1 => Ok(()),
        _ => Err(ResolveError::TwoStructures { profile: place.to_owned() }),
    }
}

pub(super) fn merge(selections: Vec<Selection>, merge: Option<&Merge>, place: &str, run: &mut Run) -> Merged {
    let (mut bodies, mut loose) = (Vec::new(), Vec::new());
    for selection in selections {
        bodies.push(selection.body);
        loose.extend(selection.left);
    }
    match merge.and_then(|merge| merge.combine.as_ref()).and_then(|combine| combine.method) {
        Some(CombineMethod::UseFirst) => use_first(&mut bodies, None, place, run),
        Some(CombineMethod::Merge) => {
            let mut later = Vec::new();
            use_first(&mut bodies, Some(&mut later), place, run);
            bodies.iter_mut().for_each(|body| body.for_each_control_mut(&mut |control| unite(control, &mut later)));
        }
        Some(CombineMethod::Keep) | None => {}
    }
    let body = match merge {
        Some(Merge { custom: Some(custom), .. }) => structured(bodies, custom, &mut loose, run),
        Some(Merge { as_is: Some(true), .. }) => as_is(bodies),
        Some(_) | None => flat(bodies),
    };
    Merged { body, loose }
}

/// Keeps the first control of an id; those below a later one stay where they are not met before. `later` is given what goes.
fn use_first(bodies: &mut [Body], mut later: Option<&mut Vec<Control>>, place: &str, run: &mut Run) {
    let mut met = HashSet::new();
    let mut params = HashSet::new();
    for body in bodies {
        let mut gone = Vec::new();
        body.controls = firsts(std::mem::take(&mut body.controls), &mut met, &mut gone);
        body.groups = firsts_in(std::mem::take(&mut body.groups), &mut met, &mut gone);
        body.for_each_loose_mut(&mut |own| own.retain(|param| params.insert(param.id.clone())));
        for control in gone {
            run.step(control.id.as_str(), place, "came in again, and the first one stays");
            if let Some(later) = later.as_deref_mut() {
                later.push(control);
            }
        }
    }
}

fn firsts(controls: Vec<Control>, met: &mut HashSet<Token>, gone: &mut Vec<Control>) -> Vec<Control> {
    let mut kept = Vec::new();
    for mut control in controls {
        let is_first = met.insert(control.id.clone());
        let below = firsts(std::mem::take(&mut control.controls), met, gone);
        if is_first {
            control.controls = below;
            kept.push(control);
        } else {
            gone.push(control);
            kept.extend(below);
        }
    }
    kept
}

fn firsts_in(groups: Vec<Group>, met: &mut HashSet<Token>, gone: &mut Vec<Control>) -> Vec<Group> {
    let kept = groups.into_iter().filter_map(|mut group| {
        group.controls = firsts(group.controls, met, gone);
        group.groups = firsts_in(group.groups, met, gone);
        (!group.controls.is_empty() || !group.groups.is_empty()).then_some(group)
    });
    kept.collect()
}

/// Adds to a control whatever later ones of its id have and it has not.
fn unite(control: &mut Control, later: &mut Vec<Control>) {
    let (same, others): (Vec<Control>, Vec<Control>) = std::mem::take(later).into_iter().partition(|other| other.id == control.id);
    *later = others;
    for other in same {
        distinct(&mut control.params, other.params);
        distinct(&mut control.props, other.props);
        distinct(&mut control.links, other.links);
        distinct(&mut control.parts, other.parts);
    }
}

fn distinct<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}

/// Without groups: loose parameters first, then controls as they came.
fn flat(bodies: Vec<Body>) -> Body {
    let mut all = Body::default();
    for mut body in bodies {
        all.params.append(&mut body.params);
        all.controls.append(&mut body.controls);
        body.groups.into_iter().for_each(|group| ungroup(group, &mut all));
    }
    all
}

fn ungroup(mut group: Group, all: &mut Body) {
    all.params.append(&mut group.params);
    all.controls.append(&mut group.controls);
    group.groups.into_iter().for_each(|inner| ungroup(inner, all));
}

/// With the groups of the sources; groups of one id are one group.
fn as_is(bodies: Vec<Body>) -> Body {
    let mut all = Body::default();
    for mut body in bodies {
        all.params.append(&mut body.params);
        all.controls.append(&mut body.controls);
        all.groups = joined(std::mem::take(&mut all.groups), body.groups);
    }
    all
}

fn joined(mut into: Vec<Group>, more: Vec<Group>) -> Vec<Group> {
    for mut group in more {
        match into.iter_mut().find(|known| known.id.is_some() && known.id == group.id) {
            Some(known) => {
                distinct(&mut known.params, std::mem::take(&mut group.params));
                distinct(&mut known.props, std::mem::take(&mut group.props));
                distinct(&mut known.links, std::mem::take(&mut group.links));
                distinct(&mut known.parts, std::mem::take(&mut group.parts));
                known.controls.append(&mut group.controls);
                known.groups = joined(std::mem::take(&mut known.groups), group.groups);
            }
            None => into.push(group),
        }
    }
    into
}

/// With the groups of the profile's own; a control that none of them asks for is left out, and told.
fn structured(bodies: Vec<Body>, custom: &Custom, loose: &mut Vec<Parameter>, run: &mut Run) -> Body {
    let mut pool = flat(bodies);
    loose.append(&mut pool.params);
    let mut inserted = HashSet::new();
    let body = Body {
        params: Vec::new(),
        controls: custom.insert_controls.iter().flat_map(|insert| chosen(&pool.controls, insert, &mut inserted)).collect(),
        groups: custom.groups.iter().map(|group| custom_group(group, &pool.controls, &mut inserted)).collect(),
    };
    pool.for_each_control(&mut |control| {
        if !inserted.contains(&control.id) {
            run.warnings.push(format!("control `{}` is selected, but no group of `merge.custom` inserts it", control.id));
        }
    });
    body
}

fn custom_group(own: &CustomGroup, pool: &[Control], inserted: &mut HashSet<Token>) -> Group {
    Group {
        id: own.id.clone(),
        class: own.class.clone(),
        params: own.params.clone(),
        props: own.props.clone(),
        links: own.links.clone(),
        parts: own.parts.clone(),
        groups: own.groups.iter().map(|group| custom_group(group, pool, inserted)).collect(),
        controls: own.insert_controls.iter().flat_map(|insert| chosen(pool, insert, inserted)).collect(),
        ..Group::new(own.title.clone())
    }
}

fn chosen(pool: &[Control], insert: &InsertControls, inserted: &mut HashSet<Token>) -> Vec<Control> {
    let mut found: Vec<Control> = pool.iter().flat_map(|control| inserting(control, insert, false, inserted)).collect();
    match insert.order {
        Some(InsertOrder::Ascending) => found.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str())),
        Some(InsertOrder::Descending) => found.sort_by(|a, b| b.id.as_str().cmp(a.id.as_str())),
        Some(InsertOrder::Keep) | None => {}
    }
    found
}

fn inserting(control: &Control, insert: &InsertControls, along: bool, inserted: &mut HashSet<Token>) -> Vec<Control> {
    let all = insert.include_all.is_some() || insert.include_controls.is_empty();
    let how = named(&insert.include_controls, &control.id);
    let is_in = (all || along || how.is_some()) && named(&insert.exclude_controls, &control.id).is_none();
    let along = all || along || how.is_some_and(|how| how.with_children);
    let below = control.controls.iter().flat_map(|inner| inserting(inner, insert, along, inserted)).collect();
    match is_in {
        true => {
            inserted.insert(control.id.clone());
            vec![Control { controls: below, ..shallow(control) }]
        }
        false => below,
    }
}

/// A control without those below it, which may be many.
fn shallow(control: &Control) -> Control {
    Control {
        class: control.class.clone(),
        params: control.params.clone(),
        props: control.props.clone(),
        links: control.links.clone(),
        parts: control.parts.clone(),
        ..Control::new(control.id.clone(), control.title.clone())
    }
}
