//! A document's nodes under their XML names, which NIST's constraints use, over the JSON form.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;

use super::path::{Expr, Path, Step, Test};
use crate::OSCAL_NS;
use crate::metaschema::{self, Type, What};

/// Something in a document.
#[derive(Debug, Clone)]
pub(super) struct Node<'v> {
    pub(super) value: &'v Value,
    /// What it can hold; nothing for texts and numbers.
    pub(super) ty: Option<&'static Type>,
    pub(super) pointer: String,
}

impl<'v> Node<'v> {
    /// The elements below, with their names.
    pub(super) fn elements(&self) -> Vec<(&'static str, Node<'v>)> {
        let Some(ty) = self.ty else { return Vec::new() };
        let mut found = Vec::new();
        for (name, child) in &ty.children {
            self.each(child.json, child.what, &mut |node| found.push((*name, node)));
        }
        for (wrapper, (name, what)) in &ty.wrappers {
            self.each(wrapper, *what, &mut |node| found.push((*name, node)));
        }
        found
    }

    fn each(&self, member: &str, what: What, see: &mut dyn FnMut(Node<'v>)) {
        let ty = match what {
            What::Type(id) => Some(metaschema::of(id)),
            What::Scalar(_) => None,
        };
        match self.value.get(member) {
            Some(Value::Array(items)) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(at, value)| see(Node { value, ty, pointer: format!("{}/{member}/{at}", self.pointer) }));
            }
            Some(value) => see(Node { value, ty, pointer: format!("{}/{member}", self.pointer) }),
            None => {}
        }
    }

    fn named(&self, name: &str) -> Vec<Node<'v>> {
        let Some(ty) = self.ty else { return Vec::new() };
        let mut found = Vec::new();
        if let Some(child) = ty.children.get(name) {
            self.each(child.json, child.what, &mut |node| found.push(node));
        }
        for (wrapper, (_, what)) in ty.wrappers.iter().filter(|(_, (inner, _))| *inner == name) {
            self.each(wrapper, *what, &mut |node| found.push(node));
        }
        found
    }

    fn attribute(&self, name: &str) -> Option<Node<'v>> {
        self.ty.filter(|ty| ty.flags.contains_key(name))?;
        let value = self.value.get(name)?;
        Some(Node { value, ty: None, pointer: format!("{}/{name}", self.pointer) })
    }

    /// Its text, or the text that it holds beside its flags.
    pub(super) fn text(&self) -> Option<Cow<'v, str>> {
        let own = match self.ty.and_then(|ty| ty.value) {
            Some((member, _)) => self.value.get(member)?,
            None => self.value,
        };
        match own {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Number(_) | Value::Bool(_) => Some(Cow::Owned(own.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn deep(&self, name: Option<&str>, found: &mut Vec<Node<'v>>) {
        for (known, node) in self.elements() {
            if name.is_none_or(|name| name == known) {
                found.push(node.clone());
            }
            node.deep(name, found);
        }
    }

    /// The nodes that any of the paths leads to, each once.
    pub(super) fn select(&self, paths: &[Path]) -> Vec<Node<'v>> {
        if let [path] = paths {
            return self.walk(path);
        }
        let mut met = HashSet::new();
        let all = paths.iter().flat_map(|path| self.walk(path));
        all.filter(|node| met.insert(node.pointer.clone())).collect()
    }

    fn walk(&self, path: &Path) -> Vec<Node<'v>> {
        let mut here = vec![self.clone()];
        for step in &path.steps {
            here =
                here.iter().flat_map(|node| node.step(step)).filter(|node| step.predicates.iter().all(|test| node.holds(test))).collect();
        }
        here
    }

    fn step(&self, step: &Step) -> Vec<Node<'v>> {
        let mut around = vec![self.clone()];
        if step.is_deep {
            self.deep(None, &mut around);
        }
        match &step.test {
            Test::Own => around,
            Test::Element(name) => around.iter().flat_map(|node| node.named(name)).collect(),
            Test::Attribute(name) => around.iter().filter_map(|node| node.attribute(name)).collect(),
            Test::Group(paths) => around.iter().flat_map(|node| node.select(paths)).collect(),
        }
    }

    /// Whether a test holds here.
    pub(super) fn holds(&self, test: &Expr) -> bool {
        match test {
            Expr::Path(paths) => !self.select(paths).is_empty(),
            Expr::Texts(texts) => !texts.is_empty(),
            Expr::And(all) => all.iter().all(|test| self.holds(test)),
            Expr::Or(any) => any.iter().any(|test| self.holds(test)),
            Expr::Not(test) => !self.holds(test),
            Expr::Equal(left, right) => {
                let right = self.texts(right);
                self.texts(left).iter().any(|text| right.contains(text))
            }
            Expr::Greater(left, right) => {
                let number = |expr: &Expr| self.texts(expr).first().and_then(|text| text.parse::<f64>().ok());
                matches!((number(left), number(right)), (Some(left), Some(right)) if left > right)
            }
            Expr::HasNamespace(wanted) => {
                let own = self.value.get("ns").and_then(Value::as_str).unwrap_or(OSCAL_NS);
                wanted.iter().any(|ns| ns == own)
            }
            Expr::StartsWith(of, with) => {
                let with = self.texts(with);
                self.texts(of).iter().any(|text| with.iter().any(|start| text.starts_with(start.as_ref())))
            }
        }
    }

    fn texts(&self, expr: &Expr) -> Vec<Cow<'v, str>> {
        match expr {
            Expr::Texts(texts) => texts.iter().map(|text| Cow::Owned(text.clone())).collect(),
            Expr::Path(paths) => self.select(paths).iter().filter_map(Node::text).collect(),
            _ => Vec::new(),
        }
    }
}
