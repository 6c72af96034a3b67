//! One YAML document as a tree that knows its lines, and that no file can make large or deep.
//!
//! Values stay text: what is a number or a date is for the reader of a field to say. Aliases are followed, and paid for out of the same
//! budget as text that is written out.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

/// The largest file that is read, in bytes.
pub const LARGEST: u64 = 4 << 20;

/// How deep lists and maps may lie in each other.
const DEEPEST: usize = 48;

/// What a whole tree may cost, aliases written out; each value costs its text and [`EACH`].
const BUDGET: usize = 32 << 20;
const EACH: usize = 64;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) value: Value,
    cost: usize,
    depth: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// Nothing: empty, `~` or `null`.
    Null,
    Text(String),
    List(Vec<Node>),
    Map(Vec<Field>),
}

/// A key, its place, and its value.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) key: String,
    pub(crate) line: usize,
    pub(crate) value: Node,
}

/// Why a text is no such tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) line: usize,
    pub(crate) message: String,
}

fn broken<T>(line: usize, message: impl Into<String>) -> Result<T, Broken> {
    Err(Broken { line, message: message.into() })
}

/// The one document of a text; an empty text is `Null`.
pub(crate) fn parse(text: &str) -> Result<Node, Broken> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| unreadable(&error))?;
        builder.take(event, span.start.line().max(1))?;
    }
    Ok(builder.root.unwrap_or(Node { line: 1, value: Value::Null, cost: EACH, depth: 0 }))
}

/// The parser looks ahead, and may meet its own limit of depth before we meet ours.
fn unreadable(error: &ScanError) -> Broken {
    let message = match error.info().contains("recursion limit") {
        true => too_deep(),
        false => format!("no YAML: {}", error.info()),
    };
    Broken { line: error.marker().line().max(1), message }
}

fn too_deep() -> String {
    format!("lists and maps lie in each other more than {DEEPEST} deep")
}

/// A list or map that is not closed yet.
struct Open {
    line: usize,
    anchor: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Node>),
    Map { fields: Vec<Field>, keys: HashSet<String>, key: Option<(String, usize)> },
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    spent: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Broken> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => broken(line, "a second document begins here; give it a file of its own"),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => Ok(()),
            Event::Scalar(text, style, anchor, _) => {
                let null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let cost = EACH + text.len();
                let value = if null { Value::Null } else { Value::Text(text.into_owned()) };
                self.spend(cost, line)?;
                self.put(Node { line, value, cost, depth: 0 }, anchor)
            }
            Event::SequenceStart(anchor, _) => self.begin(Open { line, anchor, kind: Kind::List(Vec::new()) }),
            Event::MappingStart(anchor, _) => {
                self.begin(Open { line, anchor, kind: Kind::Map { fields: Vec::new(), keys: HashSet::new(), key: None } })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(line),
            Event::Alias(anchor) => {
                let Some(target) = self.anchors.get(&anchor) else {
                    return broken(line, "an alias stands for something that holds the alias itself");
                };
                let (cost, depth) = (target.cost, target.depth);
                self.is_shallow(depth, line)?;
                self.spend(cost, line)?;
                let node = self.anchors[&anchor].clone();
                self.put(node, 0)
            }
        }
    }

    fn spend(&mut self, cost: usize, line: usize) -> Result<(), Broken> {
        self.spent = self.spent.saturating_add(cost);
        if self.spent > BUDGET { broken(line, "with its aliases written out, the file is too large to be a catalog") } else { Ok(()) }
    }

    fn is_shallow(&self, below: usize, line: usize) -> Result<(), Broken> {
        let deep = self.open.len() + below > DEEPEST;
        if deep { broken(line, too_deep()) } else { Ok(()) }
    }

    fn begin(&mut self, open: Open) -> Result<(), Broken> {
        self.is_shallow(1, open.line)?;
        self.spend(EACH, open.line)?;
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self, line: usize) -> Result<(), Broken> {
        let Some(Open { line: start, anchor, kind }) = self.open.pop() else { return broken(line, "something ends that did not begin") };
        let (value, cost, depth) = match kind {
            Kind::List(items) => {
                let (cost, depth) = measure(items.iter());
                (Value::List(items), cost, depth)
            }
            Kind::Map { fields, .. } => {
                let (cost, depth) = measure(fields.iter().map(|field| &field.value));
                let keys: usize = fields.iter().map(|field| EACH + field.key.len()).sum();
                (Value::Map(fields), cost + keys, depth)
            }
        };
        self.put(Node { line: start, value, cost, depth }, anchor)
    }

    /// Puts a finished value where it belongs.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Broken> {
        if anchor != 0 {
            self.spend(node.cost, node.line)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(node),
            Some(Kind::List(items)) => items.push(node),
            Some(Kind::Map { fields, keys, key }) => match key.take() {
                Some((key, line)) => fields.push(Field { key, line, value: node }),
                None => {
                    let name = match node.value {
                        Value::Text(text) => text,
                        Value::Null | Value::List(_) | Value::Map(_) => return broken(node.line, "a key is not text"),
                    };
                    if !keys.insert(name.clone()) {
                        return broken(node.line, format!("the field `{}` is here twice", short(&name)));
                    }
                    *key = Some((name, node.line));
                }
            },
        }
        Ok(())
    }
}

fn measure<'a>(nodes: impl Iterator<Item = &'a Node>) -> (usize, usize) {
    nodes.fold((EACH, 1), |(cost, depth), node| (cost + node.cost, depth.max(node.depth + 1)))
}

/// Somebody's text in a message: not longer than a line, and without characters that act on a terminal.
pub(crate) fn short(text: &str) -> String {
    const SHOWN: usize = 60;
    let cut = text.char_indices().nth(SHOWN).map(|(end, _)| format!("{}…", &text[..end]));
    cut.unwrap_or_else(|| text.to_owned()).escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::{Value, parse};

    #[test]
    fn lines_are_those_of_the_text_and_nothing_is_not_empty_text() {
        let root = parse("a: 1\nb:\n  - x\n  - \"\"\n  - ~\n").expect("YAML");
        let Value::Map(fields) = &root.value else { panic!("{root:?}") };
        assert_eq!((fields[1].key.as_str(), fields[1].line), ("b", 2));
        let Value::List(items) = &fields[1].value.value else { panic!("{root:?}") };
        assert!(matches!(&items[0].value, Value::Text(text) if text == "x") && items[0].line == 3);
        assert!(matches!(&items[1].value, Value::Text(text) if text.is_empty()) && matches!(items[2].value, Value::Null));
    }

    #[test]
    fn an_honest_alias_is_followed() {
        let root = parse("a: &x [1, 2]\nb: *x\n").expect("YAML");
        let Value::Map(fields) = &root.value else { panic!("{root:?}") };
        assert!(matches!(&fields[1].value.value, Value::List(items) if items.len() == 2));
    }

    #[test]
    fn aliases_of_aliases_run_out_of_budget() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let alias = format!("*a{}", level - 1);
            bomb += &format!("a{level}: &a{level} [{}]\n", vec![alias; 9].join(", "));
        }
        assert!(parse(&bomb).expect_err("a bomb").message.contains("aliases"));
    }

    #[test]
    fn aliases_cannot_add_up_to_a_deep_tree_or_to_a_large_one() {
        let mut chain = "a0: &a0 [x]\n".to_owned();
        (1..200).for_each(|level| chain += &format!("a{level}: &a{level} [*a{}]\n", level - 1));
        assert!(parse(&chain).expect_err("a chain").message.contains("deep"));
        let wide = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 100].join(", "));
        assert!(parse(&wide).expect_err("large").message.contains("too large"));
        assert!(parse("a: &a [*a]\n").expect_err("itself").message.contains("itself"));
    }

    #[test]
    fn deep_nesting_second_documents_doubled_and_odd_keys_are_refused_with_their_line() {
        for (text, line, what) in [
            ("[".repeat(100_000), 1, "deep"),
            ("- ".repeat(100_000), 1, "deep"),
            ("a: 1\n---\nb: 2\n".into(), 2, "second document"),
            ("a: 1\nb: 2\na: 3\n".into(), 3, "twice"),
            ("? [x]\n: 1\n".into(), 1, "key"),
            ("a: 1\n b: [\n".into(), 2, "YAML"),
        ] {
            let error = parse(&text).expect_err(what);
            assert!(error.message.contains(what) && error.line == line, "{error:?}");
        }
    }
}
