//! The modification of controls: removals first, then additions.

use super::Run;
use super::body::Body;
use crate::{Add, Alter, Control, Link, OSCAL_NS, Parameter, Part, Position, Property, RemovableItem, Remove, Token, Uri};

pub(super) fn alter_all(body: &mut Body, alters: &[Alter], place: &str, run: &mut Run) {
    for alter in alters {
        let mut found = false;
        let mut told = Vec::new();
        body.for_each_control_mut(&mut |control| {
            if control.id == alter.control_id {
                found = true;
                change(control, alter, &mut told);
            }
        });
        if !found {
            run.warnings.push(format!("control `{}` is altered, but it is not selected", alter.control_id));
        }
        for (is_warning, what) in told {
            match is_warning {
                true => run.warnings.push(format!("control `{}`: {what}", alter.control_id)),
                false => run.step(alter.control_id.as_str(), place, what),
            }
        }
    }
}

fn change(control: &mut Control, alter: &Alter, told: &mut Vec<(bool, String)>) {
    for remove in &alter.removes {
        let before = count(control);
        take_away(control, remove);
        let gone = before - count(control);
        told.push((gone == 0, if gone == 0 { "`remove` finds nothing".into() } else { format!("{gone} taken away by `remove`") }));
    }
    for add in &alter.adds {
        let done = put(control, add);
        let what = match (&add.by_id, done) {
            (_, true) => format!("{} added{}", added(add), add.by_id.as_ref().map_or(String::new(), |id| format!(" at `{id}`"))),
            (Some(id), false) => format!("`add` finds nothing with the id `{id}`, or nothing that can hold it"),
            (None, false) => "`add` adds nothing".into(),
        };
        told.push((!done, what));
    }
}

fn added(add: &Add) -> String {
    let title = add.title.as_ref().map(|_| "a title".to_owned());
    let lists = [("parameter", add.params.len()), ("property", add.props.len()), ("link", add.links.len()), ("part", add.parts.len())];
    let lists = lists.into_iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{count} {name}"));
    title.into_iter().chain(lists).collect::<Vec<_>>().join(", ")
}

/// How many objects there are that can be taken away.
fn count(control: &Control) -> usize {
    fn of_parts(parts: &[Part]) -> usize {
        parts.iter().map(|part| 1 + part.props.len() + part.links.len() + of_parts(&part.parts)).sum()
    }
    let of_params: usize = control.params.iter().map(|param| 1 + param.props.len() + param.links.len()).sum();
    of_params + control.props.len() + control.links.len() + of_parts(&control.parts)
}

/// What an object shows of itself to a removal.
struct Shown<'a> {
    item: RemovableItem,
    name: Option<&'a Token>,
    class: Option<&'a Token>,
    id: Option<&'a Token>,
    ns: Option<Option<&'a Uri>>,
}

/// Whether every criterion given fits. A removal without any takes nothing.
fn fits(remove: &Remove, shown: &Shown) -> bool {
    let any = remove.by_name.is_some()
        || remove.by_class.is_some()
        || remove.by_id.is_some()
        || remove.by_item_name.is_some()
        || remove.by_ns.is_some();
    any && remove.by_name.as_ref().is_none_or(|name| shown.name == Some(name))
        && remove.by_class.as_ref().is_none_or(|class| shown.class == Some(class))
        && remove.by_id.as_ref().is_none_or(|id| shown.id == Some(id))
        && remove.by_item_name.is_none_or(|item| item == shown.item)
        && remove.by_ns.as_ref().is_none_or(|ns| shown.ns.is_some_and(|own| own.map_or(OSCAL_NS, Uri::as_str) == ns.as_str()))
}

fn take_away(control: &mut Control, remove: &Remove) {
    control.params.retain(|param| !fits(remove, &of_param(param)));
    control.params.iter_mut().for_each(|param| in_lists(&mut param.props, &mut param.links, remove));
    in_lists(&mut control.props, &mut control.links, remove);
    in_parts(&mut control.parts, remove);
}

fn in_parts(parts: &mut Vec<Part>, remove: &Remove) {
    parts.retain(|part| !fits(remove, &of_part(part)));
    for part in parts {
        in_lists(&mut part.props, &mut part.links, remove);
        in_parts(&mut part.parts, remove);
    }
}

fn in_lists(props: &mut Vec<Property>, links: &mut Vec<Link>, remove: &Remove) {
    props.retain(|prop| {
        let shown =
            Shown { item: RemovableItem::Prop, name: Some(&prop.name), class: prop.class.as_ref(), id: None, ns: Some(prop.ns.as_ref()) };
        !fits(remove, &shown)
    });
    links.retain(|_| !fits(remove, &Shown { item: RemovableItem::Link, name: None, class: None, id: None, ns: None }));
}

fn of_param(param: &Parameter) -> Shown<'_> {
    Shown { item: RemovableItem::Param, name: None, class: param.class.as_ref(), id: Some(&param.id), ns: None }
}

fn of_part(part: &Part) -> Shown<'_> {
    Shown {
        item: RemovableItem::Part,
        name: Some(&part.name),
        class: part.class.as_ref(),
        id: part.id.as_ref(),
        ns: Some(part.ns.as_ref()),
    }
}

/// Adds to the control, or to what is named in it; says whether there is such a thing that can hold it.
fn put(control: &mut Control, add: &Add) -> bool {
    let position = add.position.unwrap_or(Position::Ending);
    let Some(id) = add.by_id.as_ref().filter(|id| **id != control.id) else {
        put_into_control(control, add, position);
        return true;
    };
    let at_front = matches!(position, Position::Before | Position::Starting);
    if let Some(at) = control.params.iter().position(|param| param.id == *id) {
        return match position {
            Position::Starting | Position::Ending => {
                let param = &mut control.params[at];
                insert(&mut param.props, &add.props, at_front);
                insert(&mut param.links, &add.links, at_front);
                !add.props.is_empty() || !add.links.is_empty()
            }
            Position::Before | Position::After => {
                let beside = if at_front { at } else { at + 1 };
                control.params.splice(beside..beside, add.params.iter().cloned());
                insert(&mut control.props, &add.props, at_front);
                insert(&mut control.links, &add.links, at_front);
                insert(&mut control.parts, &add.parts, true);
                true
            }
        };
    }
    if control.parts.iter().any(|part| part.id.as_ref() == Some(id)) && matches!(position, Position::Before | Position::After) {
        insert(&mut control.params, &add.params, at_front);
    }
    put_beside(&mut control.parts, &mut control.props, &mut control.links, add, id, position)
}

/// Before and after have no meaning for the control itself, and count as starting and ending.
fn put_into_control(control: &mut Control, add: &Add, position: Position) {
    let at_front = matches!(position, Position::Before | Position::Starting);
    if let Some(title) = &add.title {
        control.title = title.clone();
    }
    insert(&mut control.params, &add.params, at_front);
    insert(&mut control.props, &add.props, at_front);
    insert(&mut control.links, &add.links, at_front);
    insert(&mut control.parts, &add.parts, at_front);
}

/// Looks for the part among `parts` and below them; `props` and `links` are those of what holds them.
fn put_beside(parts: &mut Vec<Part>, props: &mut Vec<Property>, links: &mut Vec<Link>, add: &Add, id: &Token, position: Position) -> bool {
    let at_front = matches!(position, Position::Before | Position::Starting);
    let Some(at) = parts.iter().position(|part| part.id.as_ref() == Some(id)) else {
        return parts.iter_mut().any(|part| put_beside(&mut part.parts, &mut part.props, &mut part.links, add, id, position));
    };
    match position {
        Position::Starting | Position::Ending => {
            let part = &mut parts[at];
            if add.title.is_some() {
                part.title.clone_from(&add.title);
            }
            insert(&mut part.props, &add.props, at_front);
            insert(&mut part.links, &add.links, at_front);
            insert(&mut part.parts, &add.parts, at_front);
        }
        Position::Before | Position::After => {
            let beside = if at_front { at } else { at + 1 };
            parts.splice(beside..beside, add.parts.iter().cloned());
            insert(props, &add.props, at_front);
            insert(links, &add.links, at_front);
        }
    }
    true
}

fn insert<T: Clone>(list: &mut Vec<T>, more: &[T], at_front: bool) {
    let at = if at_front { 0 } else { list.len() };
    list.splice(at..at, more.iter().cloned());
}
