//! XML as a tree of elements and text, each with its place. No document type, no entities but the five of XML itself, nothing fetched.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::read::refuse::most_things;
use crate::read::yaml::Trouble;

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    /// Its local name.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// What is inside an element.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// All text inside, as it is.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        gather(&self.children, &mut text);
        text
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn gather(nodes: &[Node], text: &mut String) {
    for node in nodes {
        match node {
            Node::Text(own) => text.push_str(own),
            Node::Element(element) => gather(&element.children, text),
        }
    }
}

/// Elements may be nested this deep.
const DEEPEST: usize = 128;

/// The root element of a document.
pub(super) fn parse(text: &str) -> Result<Element, Trouble> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut places = Places { text, at: 0, line: 1, begin: 0 };
    let mut open: Vec<Element> = Vec::new();
    let mut left = most_things(text.len());
    loop {
        let before = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| places.trouble(before, format!("is no XML: {error}"), "correct it"))?;
        match event {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(places.trouble(before, "is nested more than 128 deep", "no OSCAL document is; see what made it"));
                }
                if left == 0 {
                    return Err(places.trouble(before, "there are more elements than any real document of this size has", "split it"));
                }
                left -= 1;
                let (line, column) = places.of(before);
                open.push(element(&start, line, column).map_err(|what| places.trouble(before, what, "correct it"))?);
            }
            Event::End(_) => {
                // The reader has checked that it closes what is open.
                let Some(done) = open.pop() else { continue };
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(done)),
                    None => return Ok(done),
                }
            }
            Event::Text(piece) => push(&mut open, &piece.xml10_content()),
            Event::CData(piece) => push(&mut open, &piece.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content().into_owned();
                let character = reference.resolve_char_ref().ok().flatten().map(String::from);
                let known = character.or_else(|| quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned));
                let known = known.ok_or_else(|| {
                    places.trouble(before, format!("the entity `&{name};` is not one of XML's own"), "write what it stands for")
                })?;
                push(&mut open, &known);
            }
            Event::DocType(_) => {
                return Err(places.trouble(before, "there is a document type, which can hide entities", "take the DOCTYPE out"));
            }
            Event::Eof => return Err(places.trouble(before, "the document ends before its root element does", "see that it is whole")),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn push(open: &mut [Element], piece: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(text)) => text.push_str(piece),
        _ => parent.children.push(Node::Text(piece.to_owned())),
    }
}

fn element(start: &BytesStart, line: usize, column: usize) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key;
        if key.as_namespace_binding().is_none() && key.prefix().is_none() {
            let value = quick_xml::escape::unescape(&attribute.value).map_err(|error| error.to_string())?;
            attributes.push((key.local_name().as_ref().to_owned(), value.into_owned()));
        }
    }
    Ok(Element { name: start.local_name().as_ref().to_owned(), attributes, children: Vec::new(), line, column })
}

/// Lines and columns of offsets that only grow.
struct Places<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    /// Where the line begins.
    begin: usize,
}

impl Places<'_> {
    fn of(&mut self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        for (at, _) in self.text.as_bytes()[self.at.min(offset)..offset].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            self.line += 1;
            self.begin = self.at + at + 1;
        }
        self.at = self.at.max(offset);
        (self.line, offset.saturating_sub(self.begin) + 1)
    }

    fn trouble(&mut self, offset: usize, what: impl Into<String>, fix: &'static str) -> Trouble {
        let (line, column) = self.of(offset);
        Trouble { line, column, what: what.into(), fix }
    }
}
