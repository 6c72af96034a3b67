//! XML as JSON: the same document under the names of OSCAL's JSON form, its markup as Markdown, with a list of where in the XML each
//! thing stands. What OSCAL does not know keeps its name, so that reading refuses it with its place.

mod dom;
mod markup;

use std::collections::HashMap;

use dom::{Element, Node};

use crate::metaschema::{self, Scalar, Type, What};

use super::yaml::{Transcoded, Trouble};

pub(super) fn to_json(text: &str) -> Result<Transcoded, Trouble> {
    let root = dom::parse(text)?;
    let made = match metaschema::model().root(&root.name) {
        Some(ty) => object(&root, ty),
        None => Out { place: (root.line, root.column), value: Value::Object(Vec::new()) },
    };
    let mut done = Transcoded::default();
    let document = Out { place: (1, 1), value: Value::Object(vec![(root.name.clone(), made)]) };
    document.write(&mut done);
    Ok(done)
}

/// JSON that knows where it comes from.
struct Out {
    place: (usize, usize),
    value: Value,
}

enum Value {
    Object(Vec<(String, Out)>),
    Array(Vec<Out>),
    /// JSON as it is.
    Scalar(String),
}

impl Out {
    fn write(&self, done: &mut Transcoded) {
        done.places.push((done.json.len(), self.place.0, self.place.1));
        match &self.value {
            Value::Scalar(json) => done.json.extend_from_slice(json.as_bytes()),
            Value::Array(items) => {
                done.json.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        done.json.push(b',');
                    }
                    item.write(done);
                }
                done.json.push(b']');
            }
            Value::Object(members) => {
                done.json.push(b'{');
                for (at, (name, member)) in members.iter().enumerate() {
                    if at > 0 {
                        done.json.push(b',');
                    }
                    done.places.push((done.json.len(), member.place.0, member.place.1));
                    done.json.extend_from_slice(text_json(name).as_bytes());
                    done.json.push(b':');
                    member.write(done);
                }
                done.json.push(b'}');
            }
        }
    }
}

fn text_json(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

/// The members of an object in their order, and where each list among them is.
#[derive(Default)]
struct Members {
    all: Vec<(String, Out)>,
    lists: HashMap<&'static str, usize>,
}

impl Members {
    fn push(&mut self, name: &str, made: Out) {
        self.all.push((name.to_owned(), made));
    }

    /// A member, or one more item of the list that it is. A member that may be there once and is there twice is put twice, and refused.
    fn put(&mut self, name: &'static str, is_many: bool, made: Out) {
        if !is_many {
            return self.push(name, made);
        }
        match self.lists.get(name).map(|&at| &mut self.all[at].1.value) {
            Some(Value::Array(items)) => items.push(made),
            _ => {
                self.lists.insert(name, self.all.len());
                let place = made.place;
                self.push(name, Out { place, value: Value::Array(vec![made]) });
            }
        }
    }
}

fn object(element: &Element, ty: &Type) -> Out {
    let place = (element.line, element.column);
    let mut members = Members::default();
    for (name, value) in &element.attributes {
        let kind = ty.flags.get(name.as_str()).copied().unwrap_or(Scalar::Text);
        members.push(name, Out { place, value: Value::Scalar(scalar_json(value, kind)) });
    }
    for child in element.elements() {
        if let Some(known) = ty.children.get(child.name.as_str()) {
            members.put(known.json, known.is_many, one(child, known.what));
        } else if let Some((wrapper, (inner, what))) = ty.wrappers.get_key_value(child.name.as_str()) {
            child.elements().filter(|item| item.name == *inner).for_each(|item| members.put(wrapper, true, one(item, *what)));
        } else if !((ty.prose.is_some() || ty.value.is_some()) && (markup::is_block(&child.name) || ty.value.is_some())) {
            let place = (child.line, child.column);
            members.push(&child.name, Out { place, value: Value::Scalar(text_json(child.text().trim())) });
        }
    }
    if let Some(name) = ty.prose {
        let blocks = element.children.iter().filter(|node| matches!(node, Node::Element(child) if markup::is_block(&child.name)));
        let prose = markup::prose(blocks);
        if !prose.is_empty() {
            members.push(name, Out { place, value: Value::Scalar(text_json(&prose)) });
        }
    }
    if let Some((name, kind)) = ty.value {
        members.push(name, Out { place, value: Value::Scalar(content_json(element, kind)) });
    }
    Out { place, value: Value::Object(members.all) }
}

fn one(element: &Element, what: What) -> Out {
    match what {
        What::Type(id) => object(element, metaschema::of(id)),
        What::Scalar(kind) => Out { place: (element.line, element.column), value: Value::Scalar(content_json(element, kind)) },
    }
}

fn content_json(element: &Element, kind: Scalar) -> String {
    match kind {
        Scalar::Line => text_json(&markup::line(&element.children)),
        Scalar::Prose => text_json(&markup::prose(element.children.iter())),
        Scalar::Text | Scalar::Boolean | Scalar::Number => scalar_json(element.text().trim(), kind),
    }
}

fn scalar_json(text: &str, kind: Scalar) -> String {
    match (kind, text) {
        (Scalar::Boolean, "true" | "1") => "true".into(),
        (Scalar::Boolean, "false" | "0") => "false".into(),
        (Scalar::Number, number) if serde_json::from_str::<serde_json::Number>(number).is_ok() => number.to_owned(),
        _ => text_json(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(xml: &str) -> String {
        to_json(xml).map_or_else(
            |trouble| format!("{}:{}: {}", trouble.line, trouble.column, trouble.what),
            |done| String::from_utf8(done.json).unwrap(),
        )
    }

    #[test]
    fn elements_become_the_members_that_they_are_in_json() {
        let xml = r##"<?xml version="1.0"?><catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0" uuid="u"><metadata><title>A <em>b</em></title>
            <revisions><revision><version>1</version></revision></revisions></metadata>
            <control id="a"><title>T</title><prop name="n" value="v &amp; w"/><prop name="m" value="x"><remarks><p>R</p></remarks></prop>
            <part name="statement" id="a_smt"><p>One <insert type="param" id-ref="p"/>.</p><p>Two</p><ul><li>x</li><li>y</li></ul><part name="item"><p>I</p></part></part></control></catalog>"##;
        let expected = r##"{"catalog":{"uuid":"u","metadata":{"title":"A *b*","revisions":[{"version":"1"}]},"controls":[{"id":"a","title":"T","props":[{"name":"n","value":"v & w"},{"name":"m","value":"x","remarks":"R"}],"parts":[{"name":"statement","id":"a_smt","parts":[{"name":"item","prose":"I"}],"prose":"One {{ insert: param, p }}.\n\nTwo\n\n* x\n* y"}]}]}}"##;
        assert_eq!(json(xml), expected);
    }

    #[test]
    fn what_is_dangerous_or_broken_is_refused_with_its_place() {
        let bomb = "<!DOCTYPE a [<!ENTITY x \"lol\"><!ENTITY y \"&x;&x;\">]>\n<catalog>&y;</catalog>";
        assert!(json(bomb).contains("1:1: there is a document type"), "{}", json(bomb));
        assert!(json("<catalog>\n &other;</catalog>").contains("2:2: the entity `&other;`"), "{}", json("<catalog>\n &other;</catalog>"));
        assert!(json("<catalog>\n<metadata></catalog>").contains("is no XML"));
        assert!(json("<catalog>").contains("ends before"));
        assert!(json(&"<a>".repeat(100_000)).contains("nested more than 128"));
        assert!(json("<a b='1' b='2'/>").contains("1:1"));
    }
}
