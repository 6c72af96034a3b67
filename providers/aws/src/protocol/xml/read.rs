//! Values out of XML elements, as the model names them.

use serde_json::{Map, Value};

use super::{Element, local};
use crate::model::{At, Service, Type};
use crate::protocol::scalar;

/// The members of a structure that lie in an element. A list without an element is absent; an empty element is an empty list.
pub(in crate::protocol) fn read_structure(service: &Service, at: At<'_>, node: &Element) -> Result<Map<String, Value>, String> {
    let mut members = Map::new();
    for (name, member) in &at.def.members {
        let member = service.at(member);
        if member.beside_body() {
            continue;
        }
        if let Some(value) = read_member(service, member, name, node)? {
            members.insert(name.clone(), value);
        }
    }
    Ok(members)
}

fn read_member(service: &Service, at: At<'_>, name: &str, node: &Element) -> Result<Option<Value>, String> {
    let wire = at.wire_name().unwrap_or(name);
    if at.member.xml_attribute {
        let found = node.attributes.iter().find(|(key, _)| key == local(wire));
        return found.map_or(Ok(None), |(_, text)| scalar::from_text(at, text));
    }
    let found = elements(service, at, local(wire), node);
    match (found.as_slice(), at.def.kind, at.flattened()) {
        ([], ..) => Ok(None),
        (all, Type::List, true) => read_items(service, at, all.iter().copied()).map(Some),
        (all, Type::Map, true) => read_entries(service, at, all.iter().copied()).map(Some),
        ([only], ..) => read_value(service, at, only),
        ([_, ..], ..) => Err(format!("`{}` has `{wire}` more than once", node.name)),
    }
}

/// One value out of its own element; `None` for an empty element of a type that has no empty value.
pub(in crate::protocol) fn read_value(service: &Service, at: At<'_>, node: &Element) -> Result<Option<Value>, String> {
    match at.def.kind {
        Type::Structure => read_structure(service, at, node).map(|members| Some(Value::Object(members))),
        Type::List => read_items(service, at, node.children.iter()).map(Some),
        Type::Map => read_entries(service, at, node.children.iter()).map(Some),
        _ if !node.children.is_empty() => Err(format!("`{}` is text and has elements inside", node.name)),
        _ => scalar::from_text(at, &node.text),
    }
}

fn read_items<'a>(service: &Service, at: At<'_>, nodes: impl Iterator<Item = &'a Element>) -> Result<Value, String> {
    let item = service.item(at);
    nodes.map(|node| Ok(read_value(service, item, node)?.unwrap_or(Value::Null))).collect()
}

fn read_entries<'a>(service: &Service, at: At<'_>, nodes: impl Iterator<Item = &'a Element>) -> Result<Value, String> {
    let (key_at, value_at) = service.entry(at);
    let (key_name, value_name) = (key_at.wire_name().unwrap_or("key"), value_at.wire_name().unwrap_or("value"));
    let mut entries = Map::new();
    for node in nodes {
        let key = node.child(key_name).ok_or_else(|| format!("an entry of `{}` has no `{key_name}`", at.member.shape))?;
        let value = node.child(value_name).map_or(Ok(None), |value| read_value(service, value_at, value))?;
        if let Some(value) = value {
            entries.insert(key.text.clone(), value);
        }
    }
    Ok(Value::Object(entries))
}

/// A list without an element around it goes by its own name in some models and by the name of its items in others.
fn elements<'a>(service: &Service, at: At<'_>, wire: &'a str, node: &'a Element) -> Vec<&'a Element> {
    let own: Vec<&Element> = node.all(wire).collect();
    let bare_list = at.def.kind == Type::List && at.flattened();
    match bare_list.then(|| service.item(at).wire_name()).flatten() {
        Some(item) if own.is_empty() => node.children.iter().filter(|child| child.name == item).collect(),
        _ => own,
    }
}
