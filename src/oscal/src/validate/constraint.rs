//! NIST's own constraints, as its metaschemas state them: allowed values, keys and their indexes, uniqueness, patterns, cardinality and
//! tests. They lie as a table beside the names of the model; what they say of an object of our own lies in [`super::rules`].

mod node;
mod path;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::Problem;
use crate::metaschema;
use node::Node;
use path::{Expr, Path};

/// How grave it is that a constraint is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// The document is not valid.
    Error,
    /// It is valid, and NIST advises otherwise.
    Warning,
}

/// A constraint that a document breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// How grave that is.
    pub gravity: Gravity,
    /// Where, which, and what to do.
    pub problem: Problem,
}

struct Constraint {
    id: &'static str,
    gravity: Gravity,
    target: Vec<Path>,
    /// The target as NIST writes it.
    written: &'static str,
    rule: Rule,
}

enum Rule {
    Allowed { is_closed: bool, values: Vec<&'static str> },
    Pattern(Box<regex::Regex>),
    Datatype(&'static str),
    Test(Expr, &'static str),
    Count(usize, usize),
    Unique(Vec<KeyField>),
    Index(&'static str, Vec<KeyField>),
    HasKey(&'static str, Vec<KeyField>),
}

/// A part of a key: where it lies, and what of the text there it is.
struct KeyField {
    paths: Vec<Path>,
    cut: Option<regex::Regex>,
}

/// The constraints of every type, and the ids of those that ask for what is not done here, such as opening another document.
struct Table {
    of: HashMap<&'static str, Vec<Constraint>>,
    left: Vec<&'static str>,
    /// Indexes that are not whole, because they take in other documents.
    open: HashSet<&'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { of: HashMap::new(), left: Vec::new(), open: HashSet::new() };
    for (id, ty) in metaschema::model().types() {
        for line in &ty.constraints {
            let fields: Vec<&'static str> = line.split('\t').collect();
            let [kind, gravity, name, detail, target, values] = fields.as_slice() else { continue };
            match parsed(kind, gravity, name, detail, target, values) {
                Some(constraint) => table.of.entry(id).or_default().push(constraint),
                None => {
                    table.left.push(name);
                    if *kind == "index" {
                        table.open.insert(detail);
                    }
                }
            }
        }
    }
    table.left.sort_unstable();
    table
});

fn parsed(
    kind: &str,
    gravity: &str,
    id: &'static str,
    detail: &'static str,
    target: &'static str,
    values: &'static str,
) -> Option<Constraint> {
    let paths = |text: &str| match path::parse(text) {
        Some(Expr::Path(paths)) => Some(paths),
        _ => None,
    };
    let list = || values.split('\u{1f}').filter(|value| !value.is_empty());
    let key = |text: &str| {
        let (target, pattern) = text.split_once('\u{1e}').map_or((text, None), |(target, pattern)| (target, Some(pattern)));
        let cut = match pattern {
            Some(pattern) => Some(regex::Regex::new(&format!("^(?:{pattern})$")).ok()?),
            None => None,
        };
        Some(KeyField { paths: paths(target)?, cut })
    };
    let keys = || list().map(key).collect::<Option<Vec<_>>>();
    let rule = match kind {
        "allowed-values" => Rule::Allowed { is_closed: detail == "closed", values: list().chain(forgotten(id).iter().copied()).collect() },
        "matches" if values.is_empty() => Rule::Datatype(detail),
        "matches" => Rule::Pattern(Box::new(regex::Regex::new(&format!("^(?:{values})$")).ok()?)),
        "expect" => Rule::Test(path::parse(values)?, values),
        "has-cardinality" => {
            let (least, most) = detail.split_once('-')?;
            Rule::Count(least.parse().unwrap_or(0), most.parse().unwrap_or(usize::MAX))
        }
        "is-unique" => Rule::Unique(keys()?),
        "index" => Rule::Index(detail, keys()?),
        "index-has-key" => Rule::HasKey(detail, keys()?),
        _ => return None,
    };
    let gravity = if gravity == "warning" { Gravity::Warning } else { Gravity::Error };
    Some(Constraint { id, gravity, target: paths(target)?, written: target, rule })
}

/// Values that a list forgets and other constraints of NIST's demand: a local objective must have the property `method-id`
/// (`oscal-assessment-method-id-cardinality`) and its method `method`, and the list for properties of parts has neither.
fn forgotten(id: &str) -> &'static [&'static str] {
    if id == "oscal-part-prop-name" { &["method", "method-id"] } else { &[] }
}

/// The constraints that are not looked at, by their ids: they ask for other documents.
pub fn unchecked() -> &'static [&'static str] {
    &TABLE.left
}

/// Every constraint of NIST's that a document breaks, given as JSON with its single root; of more than a thousand the first, and that
/// there are more.
pub fn constraints(document: &Value) -> Vec<Broken> {
    let members = document.as_object().into_iter().flatten();
    let Some((root, value)) = members.into_iter().find(|(name, _)| *name != "$schema") else { return Vec::new() };
    let Some(ty) = metaschema::model().root(root) else { return Vec::new() };
    let mut run = Run::default();
    let root = Node { value, ty: Some(ty), pointer: format!("/{root}") };
    run.visit(&root);
    run.finish()
}

/// What is gathered on the way.
#[derive(Default)]
struct Run {
    broken: Vec<Broken>,
    /// What limits a value, by its pointer.
    allowed: BTreeMap<String, Limits>,
    indexes: HashMap<&'static str, HashSet<Vec<String>>>,
    wanted: Vec<(&'static str, Gravity, &'static str, Vec<String>, String)>,
}

/// A value that is limited.
struct Limits {
    text: String,
    /// All values that some list allows.
    values: BTreeSet<&'static str>,
    /// The list that demands one of them.
    closed: Option<(&'static str, Gravity)>,
}

impl Run {
    fn visit(&mut self, node: &Node) {
        let Some(ty) = node.ty else { return };
        for constraint in TABLE.of.get(ty.id).into_iter().flatten() {
            self.apply(constraint, node);
        }
        for (_, below) in node.elements() {
            self.visit(&below);
        }
    }

    fn apply(&mut self, constraint: &Constraint, node: &Node) {
        let Constraint { id, gravity, target, written, rule } = constraint;
        let targets = node.select(target);
        match rule {
            Rule::Allowed { is_closed, values } => {
                for target in targets {
                    let Some(text) = target.text() else { continue };
                    let fresh = || Limits { text: text.into_owned(), values: BTreeSet::new(), closed: None };
                    let limits = self.allowed.entry(target.pointer).or_insert_with(fresh);
                    limits.values.extend(values);
                    limits.closed = limits.closed.or(is_closed.then_some((*id, *gravity)));
                }
            }
            Rule::Pattern(pattern) => {
                for target in targets {
                    if let Some(text) = target.text().filter(|text| !pattern.is_match(text)) {
                        self.tell(*gravity, id, target.pointer, format!("`{text}` does not match `{pattern}`"), "write it in that form");
                    }
                }
            }
            Rule::Datatype(datatype) => {
                for target in targets {
                    if let Some(text) = target.text().filter(|text| !is_of(datatype, text)) {
                        self.tell(*gravity, id, target.pointer, format!("`{text}` is no {datatype}"), "write one");
                    }
                }
            }
            Rule::Test(test, written) => {
                for target in targets.into_iter().filter(|target| !target.holds(test)) {
                    let (what, fix) = in_words(id).unwrap_or((format!("the condition `{written}` does not hold"), "make it hold"));
                    self.tell(*gravity, id, target.pointer, what, fix);
                }
            }
            Rule::Count(least, most) if !(*least..=*most).contains(&targets.len()) => {
                let wanted = match (least, most) {
                    (least, most) if least == most => format!("exactly {least}"),
                    (least, &usize::MAX) => format!("at least {least}"),
                    (0, most) => format!("at most {most}"),
                    (least, most) => format!("{least} to {most}"),
                };
                let what = format!("there are {} of `{written}` here, and there must be {wanted}", targets.len());
                let fix = if targets.len() < *least { "add what is missing" } else { "take out what is too much" };
                self.tell(*gravity, id, node.pointer.clone(), what, fix);
            }
            Rule::Count(..) => {}
            Rule::Unique(keys) => self.unique(*gravity, id, &targets, keys),
            // What has an index has each key once.
            Rule::Index(name, keys) => {
                self.unique(*gravity, id, &targets, keys);
                let known = targets.iter().filter_map(|target| key(target, keys));
                self.indexes.entry(name).or_default().extend(known);
            }
            Rule::HasKey(name, keys) => {
                for target in targets {
                    if let Some(key) = key(&target, keys) {
                        self.wanted.push((id, *gravity, name, key, target.pointer));
                    }
                }
            }
        }
    }

    fn unique(&mut self, gravity: Gravity, id: &'static str, targets: &[Node], keys: &[KeyField]) {
        let mut met: HashMap<Vec<String>, &str> = HashMap::new();
        for target in targets {
            let Some(key) = key(target, keys) else { continue };
            if let Some(first) = met.insert(key.clone(), &target.pointer) {
                let what = format!("`{}` stands for `{first}` already", key.join("`, `"));
                self.tell(gravity, id, target.pointer.clone(), what, "keep one of the two");
            }
        }
    }

    fn tell(&mut self, gravity: Gravity, id: &'static str, pointer: String, message: String, fix: &str) {
        if self.broken.len() > super::TOLD {
            return;
        }
        self.broken.push(Broken { gravity, problem: Problem { pointer, constraint: id, message, fix: fix.to_owned() } });
    }

    fn finish(mut self) -> Vec<Broken> {
        for (pointer, Limits { text, values, closed }) in std::mem::take(&mut self.allowed) {
            if let Some((id, gravity)) = closed.filter(|_| !values.contains(text.as_str())) {
                let listed = values.iter().take(12).copied().collect::<Vec<_>>().join("`, `");
                let more = if values.len() > 12 { ", …" } else { "" };
                let fix =
                    if pointer.ends_with("/name") { "take one of them, or give a namespace (`ns`) of yours" } else { "take one of them" };
                self.tell(gravity, id, pointer, format!("`{text}` is not one of `{listed}`{more}"), fix);
            }
        }
        for (id, gravity, name, key, pointer) in std::mem::take(&mut self.wanted) {
            let is_known = TABLE.open.contains(name) || self.indexes.get(name).is_some_and(|known| known.contains(&key));
            if !is_known {
                self.tell(
                    gravity,
                    id,
                    pointer,
                    format!("`{}` is not in the index `{name}`", key.join("`, `")),
                    "define it, or correct the reference",
                );
            }
        }
        if self.broken.len() > super::TOLD {
            self.broken.truncate(super::TOLD);
            self.broken.push(Broken { gravity: Gravity::Error, problem: super::more() });
        }
        self.broken
    }
}

/// What a broken test means, and how to mend it.
fn in_words(id: &str) -> Option<(String, &'static str)> {
    let (what, fix) = match id {
        "oscal-catalog-control-require-statement-when-not-withdrawn" => {
            ("a control that is not withdrawn has no statement", "add a part `statement`, or the property `status` = `withdrawn`")
        }
        "oscal-method-part-has-method-prop" => {
            ("an assessment method does not say its method", "add the property `method`: EXAMINE, INTERVIEW or TEST")
        }
        "oscal-parameter-depends-on-deprecated" => {
            ("`depends-on` is deprecated", "take it out, and insert the other parameter in the text")
        }
        "oscal-component-protocol-uuid" => ("a protocol has no uuid", "give it one"),
        "oscal-component-protocol-port-range-has-start" => ("a range of ports has no start", "add `start`"),
        "oscal-component-protocol-port-range-has-end" => ("a range of ports has no end", "add `end`; one port is its own start and end"),
        "oscal-component-protocol-port-range-starts-before-end" => ("a range of ports starts after its end", "exchange the two"),
        "oscal-back-matter-resource-citation-title" => ("a resource with a citation has no title", "add a title"),
        "oscal-metadata-link-uri-reference-no-media-type" => {
            ("a link into the back matter has a media type", "take it out; the resource's `rlinks` have theirs")
        }
        "oscal-poam-item-uuid" => ("an item of the plan has no uuid", "give it one, so that it is known again"),
        "oscal-profile-req-merge-combine" => ("the combine method `merge` is deprecated", "use `use-first` or `keep`"),
        "oscal-information-type-uuid" => ("an information type has no uuid", "give it one"),
        _ => return None,
    };
    Some((what.to_owned(), fix))
}

/// The values of the key fields; none where one of them is missing.
fn key(target: &Node, keys: &[KeyField]) -> Option<Vec<String>> {
    let field = |field: &KeyField| {
        let text = target.select(&field.paths).first().and_then(Node::text)?;
        match &field.cut {
            Some(cut) => cut.captures(&text).and_then(|found| found.get(1)).map(|part| part.as_str().to_owned()),
            None => Some(text.into_owned()),
        }
    };
    keys.iter().map(field).collect()
}

/// Whether a text is of a datatype; of one that is not known here it may be.
fn is_of(datatype: &str, text: &str) -> bool {
    match datatype {
        "uuid" => text.parse::<crate::Uuid>().is_ok(),
        "uri" => text.parse::<crate::Uri>().is_ok(),
        "uri-reference" => text.parse::<crate::UriReference>().is_ok(),
        "token" => text.parse::<crate::Token>().is_ok(),
        "date" => text.parse::<crate::Date>().is_ok(),
        "date-time-with-timezone" => text.parse::<crate::DateTime>().is_ok(),
        "email-address" | "email" => text.parse::<crate::Email>().is_ok(),
        "ip-v4-address" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ip-v6-address" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        _ => true,
    }
}
