//! Visits every object of a document, with its pointer and the field that holds it.

use serde_json::{Map, Value};

/// An object in a document, and where it stands.
pub(super) struct Place<'a> {
    /// The JSON pointer to the object.
    pub(super) pointer: &'a str,
    /// The field that holds the object, or the array that it is an item of.
    pub(super) key: &'a str,
    /// The object.
    pub(super) object: &'a Map<String, Value>,
}

impl<'a> Place<'a> {
    /// A field that is text.
    pub(super) fn text(&self, field: &str) -> Option<&'a str> {
        self.object.get(field).and_then(Value::as_str)
    }

    /// The objects of a field that is an array of them.
    pub(super) fn objects(&self, field: &str) -> impl Iterator<Item = &'a Map<String, Value>> + use<'a> {
        self.object.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
    }

    /// The texts of a field that is an array of them.
    pub(super) fn texts(&self, field: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.object.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}

/// Visits every object in a value that stands under `key` at `pointer`, outer before inner.
pub(super) fn each_object(key: &str, pointer: &str, value: &Value, visit: &mut dyn FnMut(&Place<'_>)) {
    descend(key, &mut pointer.to_owned(), value, visit);
}

fn descend(key: &str, pointer: &mut String, value: &Value, visit: &mut dyn FnMut(&Place<'_>)) {
    let length = pointer.len();
    match value {
        Value::Object(object) => {
            visit(&Place { pointer, key, object });
            for (name, value) in object.iter().filter(|(_, value)| value.is_object() || value.is_array()) {
                pointer.push('/');
                match name.contains(['~', '/']) {
                    true => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                    false => pointer.push_str(name),
                }
                descend(name, pointer, value, visit);
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                descend(key, pointer, item, visit);
                pointer.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
