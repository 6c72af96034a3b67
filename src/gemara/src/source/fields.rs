//! Reads the fields of a map: what is missing or misshapen is an error, what nobody asked for a warning, each with its line.

use std::str::FromStr;

use oscal::{MarkupLine, Text, Token, ValueError};

use crate::diagnostic::Report;
use crate::yaml::{Field, Node, Value, short};

/// The file that is being read, and where to complain.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) report: &'a Report,
}

impl Source<'_> {
    pub(crate) fn error(&self, line: usize, message: impl Into<String>) {
        self.report.error(self.path, Some(line), message);
    }

    pub(crate) fn warn(&self, line: usize, message: impl Into<String>) {
        self.report.warn(self.path, Some(line), message);
    }
}

/// The fields of one map, and which of them were asked for.
pub(crate) struct Fields<'a> {
    pub(crate) line: usize,
    what: &'static str,
    fields: &'a [Field],
    asked: Vec<&'static str>,
    source: Source<'a>,
}

impl<'a> Fields<'a> {
    /// The fields of `node`, which is `what`.
    pub(crate) fn of(node: &'a Node, what: &'static str, source: Source<'a>) -> Option<Self> {
        let Value::Map(fields) = &node.value else {
            source.error(node.line, format!("{what} must be a map of fields"));
            return None;
        };
        Some(Self { line: node.line, what, fields, asked: Vec::new(), source })
    }

    /// A field that is there and not null.
    pub(crate) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        let found = self.fields.iter().find(|field| field.key == key).map(|field| &field.value);
        found.filter(|node| !matches!(node.value, Value::Null))
    }

    /// Whether a field is there, be it null; this is not asking for it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|field| field.key == key)
    }

    /// The text of a field; empty text is none.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<&'a str> {
        let node = self.node(key)?;
        match &node.value {
            Value::Text(text) => Some(text.trim_end()).filter(|text| !text.trim().is_empty()),
            Value::Null | Value::List(_) | Value::Map(_) => {
                self.source.error(node.line, format!("`{key}` of {} must be text", self.what));
                None
            }
        }
    }

    /// The text of a field that must be there.
    pub(crate) fn required(&mut self, key: &'static str) -> Option<&'a str> {
        let text = self.text(key);
        let misshapen = self.node(key).is_some_and(|node| !matches!(node.value, Value::Text(_)));
        if text.is_none() && !misshapen {
            self.source.error(self.line, format!("{} has no `{key}`; add one", self.what));
        }
        text
    }

    /// The text of a field, put on one line.
    pub(crate) fn line_of(&mut self, key: &'static str) -> Option<Text> {
        self.text(key).and_then(Text::fitted)
    }

    /// The title, which must be there.
    pub(crate) fn title(&mut self) -> Option<MarkupLine> {
        self.required("title").and_then(MarkupLine::fitted)
    }

    /// An id that must be there and that OSCAL accepts as it is.
    pub(crate) fn id(&mut self, key: &'static str) -> Option<Token> {
        let text = self.required(key)?;
        let line = self.node(key).map_or(self.line, |node| node.line);
        parsed(text, line, self.source)
    }

    /// An id that may be absent.
    pub(crate) fn optional_id(&mut self, key: &'static str) -> Option<Token> {
        let text = self.text(key)?;
        let line = self.node(key).map_or(self.line, |node| node.line);
        parsed(text, line, self.source)
    }

    /// The items of a list; none where it is absent.
    pub(crate) fn list(&mut self, key: &'static str) -> &'a [Node] {
        let Some(node) = self.node(key) else { return &[] };
        match &node.value {
            Value::List(items) => items,
            Value::Null | Value::Text(_) | Value::Map(_) => {
                self.source.error(node.line, format!("`{key}` of {} must be a list", self.what));
                &[]
            }
        }
    }

    /// The texts of a list, each with its line.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<(&'a str, usize)> {
        let (what, source) = (self.what, self.source);
        let text = |node: &'a Node| match &node.value {
            Value::Text(text) => Some((text.trim_end(), node.line)),
            Value::Null | Value::List(_) | Value::Map(_) => {
                source.error(node.line, format!("`{key}` of {what} must be a list of texts"));
                None
            }
        };
        self.list(key).iter().filter_map(text).collect()
    }

    /// The ids of a list, as OSCAL accepts them.
    pub(crate) fn ids(&mut self, key: &'static str) -> Vec<Token> {
        let source = self.source;
        self.texts(key).into_iter().filter_map(|(text, line)| parsed(text, line, source)).collect()
    }

    /// Warns of the fields that nobody asked for.
    pub(crate) fn finish(self) {
        for field in self.fields.iter().filter(|field| !self.asked.contains(&field.key.as_str())) {
            let message = format!("the field `{}` of {} is not known here and was left out", short(&field.key), self.what);
            self.source.warn(field.line, message);
        }
    }
}

fn parsed<T: FromStr<Err = ValueError>>(text: &str, line: usize, source: Source<'_>) -> Option<T> {
    text.parse().map_err(|error: ValueError| source.error(line, format!("{error}; OSCAL needs one here, and ids are not changed"))).ok()
}
