//! XML documents as small trees: parsed whole or refused.

mod read;
mod write;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

pub(super) use read::{read_structure, read_value};
pub(super) use write::write_document;

/// Answers nest a dozen deep; far more is an attack on the reader.
const DEEPEST: usize = 100;

/// An element with its names stripped of namespace prefixes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
}

impl Element {
    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// The root of a document that is well formed from its first byte to its last.
pub(super) fn parse(body: &[u8]) -> Result<Element, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    loop {
        let event = reader.read_event().map_err(|why| format!("the body is not well-formed XML: {why}"))?;
        let outside = open.is_empty();
        match event {
            Event::Start(_) | Event::Empty(_) if outside && root.is_some() => return Err("the body has two root elements".to_owned()),
            Event::Start(_) if open.len() >= DEEPEST => return Err("the body nests too deep".to_owned()),
            Event::Start(start) => open.push(element(&start)?),
            Event::Empty(start) => close(element(&start)?, &mut open, &mut root),
            Event::End(_) => {
                let done = open.pop().ok_or("the body closes an element that it did not open")?;
                close(done, &mut open, &mut root);
            }
            Event::Text(text) => add_text(&text.xml10_content(), &mut open)?,
            Event::CData(text) => add_text(&text.xml10_content(), &mut open)?,
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let character = reference.resolve_char_ref().map_err(|why| format!("the body is not well-formed XML: {why}"))?;
                let text = character.map(String::from).or_else(|| predefined(&name).map(str::to_owned));
                add_text(&text.ok_or_else(|| format!("the body uses the unknown entity `{name}`"))?, &mut open)?;
            }
            // Entities that a document declares for itself have no place in an answer.
            Event::DocType(_) => return Err("the body declares a document type".to_owned()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if !outside => return Err(format!("the body ends inside `{}`", open.pop().unwrap_or_default().name)),
            Event::Eof => return root.ok_or_else(|| "the body is empty, an XML document was expected".to_owned()),
        }
    }
}

fn close(done: Element, open: &mut [Element], root: &mut Option<Element>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(done),
        None => *root = Some(done),
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|why| format!("the body is not well-formed XML: {why}"))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|why| format!("the body is not well-formed XML: {why}"))?;
        attributes.push((local(attribute.key.as_ref()).to_owned(), value.into_owned()));
    }
    Ok(Element { name: local(start.name().as_ref()).to_owned(), attributes, ..Element::default() })
}

fn add_text(text: &str, open: &mut [Element]) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("the body has text outside its root element".to_owned()),
    }
    Ok(())
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn predefined(entity: &str) -> Option<&'static str> {
    match entity {
        "amp" => Some("&"),
        "lt" => Some("<"),
        "gt" => Some(">"),
        "quot" => Some("\""),
        "apos" => Some("'"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_document_is_read_whole_with_entities_and_character_data() {
        let root =
            parse(b"<?xml version=\"1.0\"?>\n<a:r xmlns:a=\"u\" a:k=\"x&amp;y\"><b>1 &lt; &#50;<![CDATA[ & ]]></b><c/></a:r>\n").unwrap();
        assert_eq!((root.name.as_str(), root.children.len()), ("r", 2));
        assert_eq!(root.children[0].text, "1 < 2 & ");
        assert!(root.attributes.contains(&("k".to_owned(), "x&y".to_owned())));
    }

    #[test]
    fn every_truncation_of_a_document_is_refused() {
        let whole = b"<?xml version=\"1.0\"?><r><b k=\"v\">text</b><c/></r>";
        for end in 0..whole.len() {
            assert!(parse(&whole[..end]).is_err(), "{}", String::from_utf8_lossy(&whole[..end]));
        }
        assert!(parse(whole).is_ok());
    }

    #[test]
    fn what_is_not_one_well_formed_document_is_refused() {
        let deep = "<a>".repeat(200) + &"</a>".repeat(200);
        for body in
            ["<a></b>", "<a/><b/>", "<a/>tail", "text", "<a>&nope;</a>", "<a>&#xD800;</a>", "<!DOCTYPE a><a/>", "</a>", "<a k=v/>", &deep]
        {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(parse(b"<a>\xff</a>").is_err());
    }
}
