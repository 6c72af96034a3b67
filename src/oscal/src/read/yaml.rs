//! YAML as JSON: the same document, with a list of where in the YAML each value stands, so that what is said of it names lines.
//!
//! YAML 1.2 core schema: only `null`, `true`, `false` and numbers that stand without quotes are no text. Aliases are repeated, and
//! what they may repeat is limited, because a few hundred bytes can otherwise stand for gigabytes.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// A document as JSON: the bytes, and for offsets in them the line and column of the source, ascending.
#[derive(Default)]
pub(super) struct Transcoded {
    pub(super) json: Vec<u8>,
    pub(super) places: Vec<(usize, usize, usize)>,
}

/// What is wrong with the YAML itself.
pub(super) struct Trouble {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) what: String,
    pub(super) fix: &'static str,
}

/// Objects and lists may be nested this deep, as in JSON.
const DEEPEST: usize = 128;

/// How many bytes aliases may add up to.
const REPEATED: usize = 1 << 20;

pub(super) fn to_json(text: &str) -> Result<Transcoded, Trouble> {
    let mut writer = Writer { out: Transcoded { json: Vec::with_capacity(text.len()), places: Vec::new() }, ..Writer::default() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Trouble {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            what: format!("is no YAML: {}", error.info()),
            fix: "correct it",
        })?;
        writer.event(event, span)?;
    }
    match writer.documents {
        1 => Ok(writer.out),
        _ => Err(Trouble { line: 1, column: 1, what: "there is no document".into(), fix: "write one" }),
    }
}

#[derive(Default)]
struct Writer<'t> {
    out: Transcoded,
    open: Vec<Open<'t>>,
    /// The JSON of everything with an anchor, by the anchor's number.
    anchored: HashMap<usize, std::ops::Range<usize>>,
    repeated: usize,
    documents: usize,
}

/// An object or list that is being written.
struct Open<'t> {
    /// The keys so far, for an object; whether a value is due.
    keys: Option<(std::collections::HashSet<Cow<'t, str>>, bool)>,
    items: usize,
    anchor: usize,
    begin: usize,
}

impl<'t> Writer<'t> {
    fn event(&mut self, event: Event<'t>, span: Span) -> Result<(), Trouble> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(trouble(span, "there is a second document", "keep one document in a file"));
                }
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.is_some(), span)?,
            Event::SequenceStart(anchor, _) => self.begin(b'[', None, anchor, span)?,
            Event::MappingStart(anchor, _) => self.begin(b'{', Some((Default::default(), false)), anchor, span)?,
            Event::SequenceEnd => self.end(b']'),
            Event::MappingEnd => self.end(b'}'),
            Event::Alias(anchor) => self.alias(anchor, span)?,
        }
        Ok(())
    }

    fn begin(
        &mut self,
        bracket: u8,
        keys: Option<(std::collections::HashSet<Cow<'t, str>>, bool)>,
        anchor: usize,
        span: Span,
    ) -> Result<(), Trouble> {
        if self.open.len() >= DEEPEST {
            return Err(trouble(span, "is nested more than 128 deep", "no OSCAL document is; see what made it"));
        }
        self.value_begins(span)?;
        let begin = self.out.json.len();
        self.out.json.push(bracket);
        self.open.push(Open { keys, items: 0, anchor, begin });
        Ok(())
    }

    fn end(&mut self, bracket: u8) {
        self.out.json.push(bracket);
        if let Some(Open { anchor: anchor @ 1.., begin, .. }) = self.open.pop() {
            self.anchored.insert(anchor, begin..self.out.json.len());
        }
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, anchor: usize, tagged: bool, span: Span) -> Result<(), Trouble> {
        if let Some(Open { keys: Some((keys, due @ false)), items, .. }) = self.open.last_mut() {
            if !keys.insert(text.clone()) {
                return Err(trouble(span, format!("`{text}` is there twice"), "keep one of them"));
            }
            *due = true;
            *items += 1;
            let is_first = *items == 1;
            if !is_first {
                self.out.json.push(b',');
            }
            self.place(span);
            quoted(&text, &mut self.out.json);
            self.out.json.push(b':');
            return Ok(());
        }
        self.value_begins(span)?;
        let begin = self.out.json.len();
        match (style, tagged, core(&text)) {
            (ScalarStyle::Plain, false, Some(literal)) => self.out.json.extend_from_slice(literal.as_bytes()),
            _ => quoted(&text, &mut self.out.json),
        }
        if anchor > 0 {
            self.anchored.insert(anchor, begin..self.out.json.len());
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Trouble> {
        let Some(range) = self.anchored.get(&anchor).cloned() else {
            return Err(trouble(span, "an alias of something that is not written yet", "write it out"));
        };
        self.repeated += range.len();
        if self.repeated > REPEATED {
            return Err(trouble(span, "aliases repeat more than a mebibyte", "write it out"));
        }
        self.value_begins(span)?;
        self.out.json.extend_from_within(range);
        Ok(())
    }

    /// What comes before a value: the comma of a list, and its place. A key must be text.
    fn value_begins(&mut self, span: Span) -> Result<(), Trouble> {
        match self.open.last_mut() {
            Some(Open { keys: Some((_, due)), .. }) => {
                if !*due {
                    return Err(trouble(span, "a name that is no text", "write a name of OSCAL"));
                }
                *due = false;
            }
            Some(Open { keys: None, items, .. }) => {
                *items += 1;
                if *items > 1 {
                    self.out.json.push(b',');
                }
            }
            None => {}
        }
        self.place(span);
        Ok(())
    }

    fn place(&mut self, span: Span) {
        self.out.places.push((self.out.json.len(), span.start.line(), span.start.col() + 1));
    }
}

fn trouble(span: Span, what: impl Into<String>, fix: &'static str) -> Trouble {
    Trouble { line: span.start.line(), column: span.start.col() + 1, what: what.into(), fix }
}

fn quoted(text: &str, json: &mut Vec<u8>) {
    serde_json::to_writer(json, text).expect("writing to memory does not fail");
}

/// The JSON of a plain scalar that is no text.
fn core(text: &str) -> Option<Cow<'_, str>> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Cow::Borrowed("null")),
        "true" | "True" | "TRUE" => Some(Cow::Borrowed("true")),
        "false" | "False" | "FALSE" => Some(Cow::Borrowed("false")),
        _ => {
            let is_number =
                text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && serde_json::from_str::<serde_json::Number>(text).is_ok();
            is_number.then_some(Cow::Borrowed(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(yaml: &str) -> String {
        to_json(yaml).map_or_else(
            |trouble| format!("{}:{}: {}", trouble.line, trouble.column, trouble.what),
            |done| String::from_utf8(done.json).unwrap(),
        )
    }

    #[test]
    fn yaml_is_the_json_that_it_stands_for() {
        let yaml = "a: 1\nb: [x, 'true', true, ~, 1.5, 1.1.2, 2024-01-01T00:00:00Z, 0755]\nc:\n  - d: |\n      two\n      lines\n    e: \"q\\\"\"\n";
        let expected =
            r#"{"a":1,"b":["x","true",true,null,1.5,"1.1.2","2024-01-01T00:00:00Z","0755"],"c":[{"d":"two\nlines\n","e":"q\""}]}"#;
        assert_eq!(json(yaml), expected);
        assert_eq!(json("a: &x {b: 1}\nc: *x\n"), r#"{"a":{"b":1},"c":{"b":1}}"#);
    }

    #[test]
    fn what_is_no_document_of_ours_is_refused_with_its_place() {
        assert_eq!(json("a: 1\na: 2\n"), "2:1: `a` is there twice");
        assert_eq!(json("a: 1\n---\nb: 1\n"), "2:1: there is a second document");
        assert!(json("a: [1\nb: 2").contains("is no YAML"));
        assert!(json("? [a]\n: b\n").contains("a name that is no text"));
        let deep = json(&"[".repeat(100_000));
        assert!(deep.contains("nested") || deep.contains("is no YAML"), "{deep}");
        assert_eq!(json(""), "1:1: there is no document");
    }

    #[test]
    fn an_alias_bomb_is_refused_and_small() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let of = format!("*a{}", level - 1);
            bomb += &format!("a{level}: &a{level} [{}]\n", [of.as_str(); 10].join(", "));
        }
        assert!(json(&bomb).contains("aliases repeat more than a mebibyte"));
    }

    #[test]
    fn places_lead_back_to_lines() {
        let done = to_json("a: 1\nb:\n  - c: x\n").map_err(|_| ()).unwrap();
        let at = done.json.windows(3).position(|window| window == b"\"x\"").unwrap();
        let (_, line, column) = done.places.iter().rfind(|(offset, ..)| *offset <= at).unwrap();
        assert_eq!((*line, *column), (3, 8));
    }
}
