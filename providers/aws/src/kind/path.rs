//! Paths into documents (`A.B[0].C`, `A[].B[]`) and templates that name them (`arn:{partition}:…/{GroupId}`).

use serde_json::{Map, Value};

/// The value at a path without `[]`; `[0]` picks an element.
pub(crate) fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, step| {
        let (name, index) = match step.split_once('[') {
            Some((name, index)) => (name, index.strip_suffix(']')?.parse::<usize>().ok()),
            None => (step, None),
        };
        let member = if name.is_empty() { value } else { value.get(name)? };
        index.map_or(Some(member), |index| member.get(index))
    })
}

/// The elements at a path with `[]`, in order. `None` where a list on the way is not there: that is no empty list.
pub(crate) fn flatten(value: Value, path: &str) -> Option<Vec<Value>> {
    let mut values = vec![value];
    for step in path.split('.') {
        let name = step.strip_suffix("[]").unwrap_or(step);
        let mut next = Vec::new();
        for mut value in values {
            match value.get_mut(name).map(Value::take) {
                Some(Value::Array(items)) if step.ends_with("[]") => next.extend(items),
                Some(inner) if !step.ends_with("[]") => next.push(inner),
                Some(_) | None => return None,
            }
        }
        values = next;
    }
    Some(values)
}

/// The first name of a path.
pub(crate) fn root(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// What a template can speak of.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) partition: &'a str,
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    pub(crate) document: &'a Map<String, Value>,
    pub(crate) each: Option<&'a Value>,
}

impl Names<'_> {
    /// The template with its names filled in; the name that has no text otherwise.
    pub(crate) fn fill(&self, template: &str) -> Result<String, String> {
        let (mut filled, mut rest) = (String::new(), template);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| template.to_owned())?;
            filled.push_str(before);
            filled.push_str(&self.text(name).ok_or_else(|| name.to_owned())?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// An input value with its names filled in.
    pub(crate) fn fill_value(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::String(template) => self.fill(template).map(Value::String),
            Value::Array(items) => items.iter().map(|item| self.fill_value(item)).collect::<Result<_, _>>().map(Value::Array),
            other => Ok(other.clone()),
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = match name {
            "partition" => return Some(self.partition.into()),
            "account" => return Some(self.account.into()),
            "region" => return Some(self.region.into()),
            "each" => self.each?,
            _ => match name.strip_prefix("each.") {
                Some(path) => get(self.each?, path)?,
                None => match name.split_once(['.', '[']) {
                    None => self.document.get(name)?,
                    Some((root, _)) => get(self.document.get(root)?, name[root.len()..].trim_start_matches('.'))?,
                },
            },
        };
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// The document's fields that a template names.
pub(crate) fn named(template: &str) -> impl Iterator<Item = &str> {
    let places = template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| root(name));
    places.filter(|name| !matches!(*name, "partition" | "account" | "region" | "each"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_that_is_not_there_is_no_empty_list() {
        assert_eq!(flatten(json!({ "Users": [] }), "Users[]"), Some(Vec::new()));
        assert_eq!(flatten(json!({ "IsTruncated": false }), "Users[]"), None);
        let reply = json!({ "Reservations": [{ "Instances": [1, 2] }, { "Instances": [3] }] });
        assert_eq!(flatten(reply, "Reservations[].Instances[]"), Some(vec![json!(1), json!(2), json!(3)]));
    }

    #[test]
    fn templates_reach_into_lists_and_say_what_they_miss() {
        let document = json!({ "Groups": [{ "Name": "g" }], "Id": 7 });
        let names = Names { partition: "aws", account: "1", region: "r", document: document.as_object().unwrap(), each: None };
        assert_eq!(names.fill("{account}/{Groups[0].Name}/{Id}"), Ok("1/g/7".into()));
        assert_eq!(names.fill("{Groups[1].Name}"), Err("Groups[1].Name".into()));
    }
}
