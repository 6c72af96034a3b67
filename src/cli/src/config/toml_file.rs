//! A TOML file that remembers where everything stands, so that every problem can be told with its line.

use std::ops::Range;

use checks::Diagnostic;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A parsed file: its values as JSON, and where each stands.
pub struct TomlFile<'a> {
    name: &'a str,
    text: &'a str,
    table: Spanned<DeTable<'a>>,
    /// The values; dates are text.
    pub value: Value,
}

impl<'a> TomlFile<'a> {
    /// Parses `text`.
    ///
    /// # Errors
    /// All syntax errors at once.
    pub fn parse(name: &'a str, text: &'a str) -> Result<Self, Vec<Diagnostic>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let problem = |error: &toml::de::Error| {
            let (line, column) = place(text, error.span().map_or(0, |span| span.start));
            Diagnostic { file: name.into(), line, column, what: error.message().to_owned(), fix: "write it as TOML 1.0 asks".into() }
        };
        match errors.is_empty() {
            true => Ok(Self { name, text, value: table_value(table.get_ref()), table }),
            false => Err(errors.iter().map(problem).collect()),
        }
    }

    /// Everything in the file that its schema does not allow.
    pub fn check(&self, schema: &Value) -> Vec<Diagnostic> {
        let validator = jsonschema::validator_for(schema).expect("our own schema is one");
        validator.iter_errors(&self.value).flat_map(|error| self.explain(&error, schema)).collect()
    }

    /// A problem with the value at `path`.
    pub fn problem(&self, path: &[&str], what: impl Into<String>, fix: impl Into<String>) -> Diagnostic {
        let (line, column) = place(self.text, self.span(path).start);
        Diagnostic { file: self.name.into(), line, column, what: what.into(), fix: fix.into() }
    }

    fn explain(&self, error: &jsonschema::ValidationError, schema: &Value) -> Vec<Diagnostic> {
        let location = error.instance_path().to_string();
        let path: Vec<&str> = location.split('/').skip(1).collect();
        let here = path.last().copied().unwrap_or("the file");
        let one = |what: String, fix: String| vec![self.problem(&path, what, fix)];
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let known = known_keys(schema, &error.schema_path().to_string());
                unexpected.iter().map(|key| self.unknown_key(&path, key, &known)).collect()
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                one(format!("`{key}` is missing"), format!("add `{key} = …`"))
            }
            ValidationErrorKind::Type { kind: TypeKind::Single(wanted) } => {
                one(format!("`{here}` is not of type {wanted}"), format!("write a {wanted}"))
            }
            ValidationErrorKind::Enum { options } => one(format!("`{here}` is {}", error.instance()), format!("write one of {options}")),
            ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
                let named = |error: &jsonschema::ValidationError| match error.kind() {
                    ValidationErrorKind::Constant { expected_value } => Some(expected_value.to_string()),
                    _ => None,
                };
                let allowed: Vec<String> = context.iter().flatten().filter_map(named).collect();
                one(format!("`{here}` is {}", error.instance()), format!("write one of {}", allowed.join(", ")))
            }
            _ => one(format!("`{here}`: {error}"), "see docs/config.schema.json".into()),
        }
    }

    fn unknown_key(&self, path: &[&str], key: &str, known: &[String]) -> Diagnostic {
        let near = known.iter().map(|name| (strsim::jaro_winkler(name, key), name)).max_by(|a, b| a.0.total_cmp(&b.0));
        let fix = match near {
            Some((likeness, name)) if likeness > 0.75 => format!("did you mean `{name}`?"),
            Some(_) | None => format!("known keys here: {}", known.join(", ")),
        };
        let full: Vec<&str> = path.iter().copied().chain([key]).collect();
        self.problem(&full, format!("unknown key `{key}`"), fix)
    }

    /// Where the key at `path` stands; of what does not exist, where its parent does.
    fn span(&self, path: &[&str]) -> Range<usize> {
        let mut span = 0..0;
        let mut at = Step::Table(self.table.get_ref());
        for name in path {
            let Some((found, next)) = at.into(name) else { break };
            span = found;
            at = next;
        }
        span
    }
}

enum Step<'t, 'a> {
    Table(&'t DeTable<'a>),
    Value(&'t DeValue<'a>),
}

impl<'t, 'a> Step<'t, 'a> {
    fn into(self, name: &str) -> Option<(Range<usize>, Step<'t, 'a>)> {
        let table = match self {
            Step::Table(table) => table,
            Step::Value(DeValue::Table(table)) => table,
            Step::Value(DeValue::Array(items)) => {
                let item = items.get(name.parse::<usize>().ok()?)?;
                return Some((item.span(), Step::Value(item.get_ref())));
            }
            Step::Value(_) => return None,
        };
        let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
        Some((key.span(), Step::Value(value.get_ref())))
    }
}

/// Line and column of a byte, from 1.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte.min(text.len())];
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// The keys that the schema names beside the `additionalProperties` at this place of it.
fn known_keys(schema: &Value, at: &str) -> Vec<String> {
    let mut node = schema;
    for step in at.split('/').skip(1).filter(|step| *step != "additionalProperties") {
        if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#')) {
            node = schema.pointer(target).unwrap_or(&Value::Null);
        }
        if step != "$ref" {
            node = match node {
                Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)).unwrap_or(&Value::Null),
                other => other.get(step).unwrap_or(&Value::Null),
            };
        }
    }
    if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#')) {
        node = schema.pointer(target).unwrap_or(&Value::Null);
    }
    node.get("properties").and_then(Value::as_object).map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

fn table_value(table: &DeTable) -> Value {
    Value::Object(table.iter().map(|(key, value)| (key.get_ref().to_string(), json_value(value.get_ref()))).collect())
}

fn json_value(value: &DeValue) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or_else(|_| Value::String(number.to_string()), Value::from)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or_else(|_| Value::String(number.to_string()), Value::from),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| json_value(item.get_ref())).collect()),
        DeValue::Table(table) => table_value(table),
    }
}
