//! Makes one line of each event, its own fields over those of the spans it is in.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Debug;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::Form;
use crate::{Clock, Redactor};

/// A value is cut after so many characters: a line must fit into a journal.
const LONGEST_VALUE: usize = 4_000;
/// The keys that every line has; a field of one of these names gets a `_` behind it.
const OWN: [&str; 4] = ["time", "level", "target", "message"];

/// Writes lines.
pub struct Lines<W> {
    form: Form,
    redactor: Redactor,
    clock: Clock,
    to: Mutex<W>,
}

impl<W> Lines<W> {
    /// Of this form, to this place.
    pub fn new(form: Form, redactor: Redactor, clock: Clock, to: W) -> Self {
        Self { form, redactor, clock, to: Mutex::new(to) }
    }
}

/// Fields of a span or an event, without secrets.
struct Fields<'r> {
    redactor: &'r Redactor,
    values: BTreeMap<String, Value>,
}

/// The same, as a span keeps them.
struct Kept(BTreeMap<String, Value>);

impl Fields<'_> {
    fn put(&mut self, field: &Field, value: Value) {
        // A field of the crate `log` says where it comes from; the target does.
        if !field.name().starts_with("log.") {
            let value = if Redactor::names_secret(field.name()) { "[hidden]".into() } else { value };
            self.values.insert(field.name().to_owned(), value);
        }
    }

    fn text(&mut self, field: &Field, text: &str) {
        let clean = self.redactor.clean(text);
        let value = match clean.char_indices().nth(LONGEST_VALUE) {
            Some((end, _)) => format!("{}…", &clean[..end]),
            None => clean.into_owned(),
        };
        self.put(field, Value::String(value));
    }
}

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut told = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            told += &format!(": {error}");
            cause = error.source();
        }
        self.text(field, &told);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.text(field, &format!("{value:?}"));
    }
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    W: Write + Send + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields { redactor: &self.redactor, values: BTreeMap::new() };
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Kept(fields.values));
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let mut fields = Fields { redactor: &self.redactor, values: BTreeMap::new() };
        record.record(&mut fields);
        if let Some(span) = context.span(id)
            && let Some(Kept(kept)) = span.extensions_mut().get_mut::<Kept>()
        {
            kept.extend(fields.values);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields { redactor: &self.redactor, values: BTreeMap::new() };
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(Kept(kept)) = span.extensions().get::<Kept>() {
                fields.values.extend(kept.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
        }
        event.record(&mut fields);
        let mut values = fields.values;
        let message = match values.remove("message") {
            Some(Value::String(message)) => message,
            Some(_) | None => String::new(),
        };
        let level = event.metadata().level().as_str().to_ascii_lowercase();
        let head = [self.clock.now().to_string(), level, event.metadata().target().to_owned(), message];
        let line = match self.form {
            Form::Json => json(&head, &values),
            Form::Text => text(&head, &values),
        };
        // There is nowhere to say that what we say cannot be heard.
        drop(self.to.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes()));
    }
}

fn json(head: &[String; 4], values: &BTreeMap<String, Value>) -> String {
    let own = OWN.into_iter().zip(head).map(|(key, value)| format!("\"{key}\":{}", Value::from(value.as_str())));
    let others = values.iter().map(|(key, value)| {
        let key = if OWN.contains(&key.as_str()) { format!("{key}_") } else { key.clone() };
        format!("{}:{value}", Value::from(key))
    });
    format!("{{{}}}\n", own.chain(others).collect::<Vec<_>>().join(","))
}

fn text([time, level, target, message]: &[String; 4], values: &BTreeMap<String, Value>) -> String {
    let mut line = format!("{time} {level:<5} {target}: {}", shown(message));
    for (key, value) in values {
        let value = match value {
            Value::String(text) if !text.is_empty() && !text.contains([' ', '"', '=', '\n']) => shown(text),
            other => shown(&other.to_string()),
        };
        line += &format!(" {key}={value}");
    }
    line + "\n"
}

/// Without what would move a terminal's cursor or begin a line of somebody else's.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
