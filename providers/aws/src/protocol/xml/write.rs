//! XML documents out of a call's input.

use quick_xml::escape::escape;
use serde_json::{Map, Value};

use crate::model::{At, Service, Type, XmlNamespace};
use crate::protocol::time::Format;
use crate::protocol::{BadInput, scalar};

/// A document whose root is named `root`.
pub(in crate::protocol) fn write_document(service: &Service, at: At<'_>, root: &str, value: &Value) -> Result<String, BadInput> {
    let mut writer = Writer { service, text: String::new() };
    let namespace = at.xml_namespace().or(service.metadata.xml_namespace.as_ref());
    writer.value(at, root, namespace, value)?;
    Ok(writer.text)
}

struct Writer<'a> {
    service: &'a Service,
    text: String,
}

impl<'a> Writer<'a> {
    fn value(&mut self, at: At<'a>, name: &str, namespace: Option<&XmlNamespace>, value: &Value) -> Result<(), BadInput> {
        match (at.def.kind, value) {
            (_, Value::Null) => Ok(()),
            (Type::Structure, Value::Object(members)) => self.structure(at, name, namespace, members),
            (Type::List, Value::Array(items)) => self.list(at, name, namespace, items),
            (Type::Map, Value::Object(entries)) => self.map(at, name, namespace, entries),
            (Type::Structure | Type::List | Type::Map, _) => Err(BadInput(format!("`{name}` is not a `{}`", at.member.shape))),
            _ => {
                let text = scalar::to_text(at, value, Format::Iso8601)?;
                self.open(name, namespace, "");
                self.text += &escape(&text);
                self.close(name);
                Ok(())
            }
        }
    }

    fn structure(
        &mut self,
        at: At<'a>,
        name: &str,
        namespace: Option<&XmlNamespace>,
        members: &Map<String, Value>,
    ) -> Result<(), BadInput> {
        let (mut attributes, mut inside) = (String::new(), Vec::new());
        for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let member = at.def.members.get(key).ok_or_else(|| BadInput(format!("`{}` has no member `{key}`", at.member.shape)))?;
            let member = self.service.at(member);
            let wire = member.wire_name().unwrap_or(key);
            if member.member.xml_attribute {
                attributes += &format!(" {wire}=\"{}\"", escape(&scalar::to_text(member, value, Format::Iso8601)?));
            } else if member.location().is_none() {
                inside.push((member, wire, value));
            }
        }
        self.open(name, namespace, &attributes);
        for (member, wire, value) in inside {
            self.value(member, wire, member.xml_namespace(), value)?;
        }
        self.close(name);
        Ok(())
    }

    fn list(&mut self, at: At<'a>, name: &str, namespace: Option<&XmlNamespace>, items: &[Value]) -> Result<(), BadInput> {
        let item = self.service.item(at);
        if at.flattened() {
            let own = item.wire_name().unwrap_or(name);
            return items.iter().try_for_each(|value| self.value(item, own, namespace, value));
        }
        self.open(name, namespace, "");
        for value in items {
            self.value(item, item.wire_name().unwrap_or("member"), item.xml_namespace(), value)?;
        }
        self.close(name);
        Ok(())
    }

    fn map(&mut self, at: At<'a>, name: &str, namespace: Option<&XmlNamespace>, entries: &Map<String, Value>) -> Result<(), BadInput> {
        let (key_at, value_at) = self.service.entry(at);
        let flat = at.flattened();
        if !flat {
            self.open(name, namespace, "");
        }
        let (entry, entry_namespace) = if flat { (name, namespace) } else { ("entry", None) };
        for (key, value) in entries {
            self.open(entry, entry_namespace, "");
            let key_value = Value::String(key.clone());
            self.value(key_at, key_at.wire_name().unwrap_or("key"), key_at.xml_namespace(), &key_value)?;
            self.value(value_at, value_at.wire_name().unwrap_or("value"), value_at.xml_namespace(), value)?;
            self.close(entry);
        }
        if !flat {
            self.close(name);
        }
        Ok(())
    }

    fn open(&mut self, name: &str, namespace: Option<&XmlNamespace>, attributes: &str) {
        self.text += &format!("<{name}");
        if let Some(namespace) = namespace {
            let prefix = namespace.prefix.as_ref().map_or(String::new(), |prefix| format!(":{prefix}"));
            self.text += &format!(" xmlns{prefix}=\"{}\"", escape(namespace.uri.as_str()));
        }
        self.text += attributes;
        self.text.push('>');
    }

    fn close(&mut self, name: &str) {
        self.text += &format!("</{name}>");
    }
}
