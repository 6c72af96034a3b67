//! Turns the parser's tree into nodes, and types every step against what the document can hold.
//!
//! A name that the document cannot have, a comparison that can never hold, a function that does not exist: all are told when the
//! check is loaded, with line, column and the likely fix.

mod call;
mod macros;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SourceInfo};
use cel::parser::Parser;
use serde_json::Value;

use super::node::{Node, Root};
use super::source::Place;
use super::types::Ty;
use crate::diagnostic::{Diagnostic, did_you_mean};

/// The longest expression, in bytes.
const SOURCE_LIMIT: usize = 4 * 1024;

/// The largest estimated number of steps; lists are taken to have [`LIST`] elements. A check that gives a reason for a third
/// nesting gets ten times as many.
const COST_LIMIT: u64 = 1_000_000;

/// How long a list is taken to be.
const LIST: u64 = 100;

/// What an expression can speak of.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// The kind, for messages.
    pub(crate) kind: String,
    /// The document.
    pub(crate) resource: Ty,
    /// The control's parameters.
    pub(crate) params: BTreeMap<String, Ty>,
}

/// An expression that is ready to be judged.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) source: String,
    pub(crate) node: Node,
    pub(crate) ty: Ty,
    /// The document's own fields that it looks at.
    pub(crate) fields: BTreeSet<String>,
    /// The parameters that it uses.
    pub(crate) params: BTreeSet<String>,
    /// Whether it looks at tags or scope.
    pub(crate) roots: Vec<Root>,
}

/// Compiles `source`, which stands at `place`; macros may be nested `nesting` deep.
pub(crate) fn compile(source: &str, place: &Place, around: &Surroundings, nesting: usize) -> Result<Compiled, Vec<Diagnostic>> {
    if source.len() > SOURCE_LIMIT {
        let what = format!("the expression has {} bytes; {SOURCE_LIMIT} are allowed", source.len());
        return Err(vec![place.problem(source, 0, what, "let the provider derive a fact, or split the check")]);
    }
    let parser = Parser::new().enable_optional_syntax(true).enable_ident_escape_syntax(true).max_recursion_depth(48);
    let (tree, info) = parser.parse_with_source_info(source).map_err(|errors| syntax(source, place, &errors))?;
    let mut compiler = Compiler {
        source,
        place,
        around,
        info,
        locals: Vec::new(),
        problems: Vec::new(),
        used: Used::default(),
        depth: 0,
        nesting,
        cost: 0,
    };
    let (node, ty) = compiler.expression(&tree);
    let limit = if nesting > 2 { 10 * COST_LIMIT } else { COST_LIMIT };
    if compiler.cost > limit {
        let what = format!("about {} steps on lists of {LIST}; {limit} are allowed", compiler.cost);
        compiler.problems.push(place.problem(source, 0, what, "nest macros less deeply"));
    }
    match compiler.problems.is_empty() {
        true => {
            let Used { fields, params, roots } = compiler.used;
            Ok(Compiled { source: source.to_owned(), node, ty, fields, params, roots })
        }
        false => Err(compiler.problems),
    }
}

fn syntax(source: &str, place: &Place, errors: &cel::ParseErrors) -> Vec<Diagnostic> {
    let told = |error: &cel::ParseError| {
        let line = usize::try_from(error.pos.0).unwrap_or(1).max(1);
        let column = usize::try_from(error.pos.1).unwrap_or(1).max(1);
        let offset: usize = source.split_inclusive('\n').take(line - 1).map(|line| line.chars().count()).sum();
        place.problem(source, offset + column - 1, format!("not CEL: {}", error.msg), "correct the expression")
    };
    errors.errors.iter().map(told).collect()
}

#[derive(Default)]
struct Used {
    fields: BTreeSet<String>,
    params: BTreeSet<String>,
    roots: Vec<Root>,
}

struct Compiler<'s> {
    source: &'s str,
    place: &'s Place,
    around: &'s Surroundings,
    info: SourceInfo,
    locals: Vec<(String, Ty)>,
    problems: Vec<Diagnostic>,
    used: Used,
    depth: usize,
    nesting: usize,
    cost: u64,
}

/// A node and its type.
type Typed = (Node, Ty);

impl Compiler<'_> {
    fn expression(&mut self, tree: &IdedExpr) -> Typed {
        self.cost = self.cost.saturating_add(LIST.saturating_pow(self.depth as u32));
        match &tree.expr {
            Expr::Literal(literal) => self.literal(tree, literal),
            Expr::Ident(name) => self.ident(tree, name),
            Expr::List(list) => {
                let typed: Vec<Typed> = list.elements.iter().map(|element| self.expression(element)).collect();
                let item = typed.iter().map(|(_, ty)| ty.clone()).reduce(Ty::join).unwrap_or(Ty::Any);
                (constant_list(typed.into_iter().map(|(node, _)| node).collect()), Ty::List(Arc::new(item)))
            }
            Expr::Select(select) => self.select(tree, &select.operand, &select.field, select.test),
            Expr::Call(call) => self.call(tree, call),
            Expr::Comprehension(walk) => self.walk(tree, walk),
            Expr::Map(_) | Expr::Struct(_) => self.refuse(tree, "an object cannot be made here", "compare fields instead"),
            Expr::Unspecified => self.refuse(tree, "something is missing here", "complete the expression"),
        }
    }

    /// Notes a problem and goes on, so that all are told at once.
    fn refuse(&mut self, tree: &IdedExpr, what: impl Into<String>, fix: impl Into<String>) -> Typed {
        let offset = self.info.offset_for(tree.id).map_or(0, |(start, _)| start as usize);
        self.problems.push(self.place.problem(self.source, offset, what, fix));
        (Node::Const(Value::Null), Ty::Any)
    }

    fn literal(&mut self, tree: &IdedExpr, literal: &LiteralValue) -> Typed {
        match literal {
            LiteralValue::Boolean(flag) => (Node::Const(Value::Bool(*flag.inner())), Ty::Bool),
            LiteralValue::Int(number) => (Node::Const(Value::from(*number.inner())), Ty::Int),
            LiteralValue::UInt(number) => (Node::Const(Value::from(*number.inner())), Ty::Int),
            LiteralValue::Double(number) => (Node::Const(Value::from(*number.inner())), Ty::Double),
            LiteralValue::String(text) => (Node::Const(Value::from(text.inner())), Ty::Text),
            LiteralValue::Null => (Node::Const(Value::Null), Ty::Null),
            LiteralValue::Bytes(_) => self.refuse(tree, "documents hold no bytes", "write text"),
        }
    }

    fn ident(&mut self, tree: &IdedExpr, name: &str) -> Typed {
        if let Some(slot) = self.locals.iter().rposition(|(local, _)| local == name) {
            return (Node::Local(slot), self.locals[slot].1.clone());
        }
        match name {
            "tags" => {
                self.used.roots.push(Root::Tags);
                (Node::Root(Root::Tags), Ty::Map(Arc::new(Ty::Text)))
            }
            "scope" => {
                self.used.roots.push(Root::Scope);
                let members = ["provider", "account", "region"].map(|name| (name.to_owned(), Ty::Text));
                (Node::Root(Root::Scope), Ty::Object(Arc::new(members.into())))
            }
            "resource" | "params" => self.refuse(tree, format!("`{name}` by itself"), format!("name the field: `{name}.…`")),
            _ => {
                let locals = self.locals.iter().map(|(name, _)| name.as_str());
                let fix = did_you_mean(name, ["resource", "params", "tags", "scope"].into_iter().chain(locals), "variables here");
                self.refuse(tree, format!("unknown variable `{name}`"), fix)
            }
        }
    }

    /// `operand.field`, and `has(operand.field)`.
    fn select(&mut self, tree: &IdedExpr, operand: &IdedExpr, field: &str, test: bool) -> Typed {
        if let Expr::Ident(name) = &operand.expr
            && !self.locals.iter().any(|(local, _)| local == name)
        {
            match name.as_str() {
                "resource" => return self.root_field(tree, field, test),
                "params" => return self.param(tree, field, test),
                _ => {}
            }
        }
        let (of, ty) = self.expression(operand);
        let found = self.member(tree, &ty, field);
        self.picked(of, spelled(operand) + "." + field, field, found, test)
    }

    fn root_field(&mut self, tree: &IdedExpr, field: &str, test: bool) -> Typed {
        self.used.fields.insert(field.to_owned());
        let resource = self.around.resource.clone();
        let found = self.member(tree, &resource, field);
        self.picked(Node::Root(Root::Resource), format!("resource.{field}"), field, found, test)
    }

    fn param(&mut self, tree: &IdedExpr, field: &str, test: bool) -> Typed {
        self.used.params.insert(field.to_owned());
        let Some(ty) = self.around.params.get(field).cloned() else {
            let fix = did_you_mean(field, self.around.params.keys().map(String::as_str), "parameters of the control");
            return self.refuse(tree, format!("the control has no parameter `{field}`"), fix);
        };
        self.picked(Node::Root(Root::Params), format!("params.{field}"), field, ty, test)
    }

    fn picked(&mut self, of: Node, path: String, field: &str, ty: Ty, test: bool) -> Typed {
        let (of, field) = (Box::new(of), field.to_owned());
        if test { (Node::Has { of, field }, Ty::Bool) } else { (Node::Select { of, field, path }, ty) }
    }

    /// The type of a member.
    fn member(&mut self, tree: &IdedExpr, of: &Ty, field: &str) -> Ty {
        match of {
            Ty::Any => Ty::Any,
            Ty::Map(value) => (**value).clone(),
            Ty::Optional(inner) => Ty::Optional(Arc::new(self.member(tree, inner, field))),
            Ty::Object(members) => match members.get(field) {
                Some(ty) => ty.clone(),
                None => {
                    let fix = did_you_mean(field, members.keys().map(String::as_str), "docs/kinds.md");
                    self.refuse(tree, format!("`{}` has no field `{field}` here", self.around.kind), fix).1
                }
            },
            Ty::Null | Ty::Bool | Ty::Int | Ty::Double | Ty::Text | Ty::List(_) => {
                self.refuse(tree, format!("`.{field}` is asked of {}", of.name()), "use exists() or all() for lists").1
            }
        }
    }

    /// Refuses an expression that is not of the wanted type.
    fn want(&mut self, tree: &IdedExpr, typed: Typed, wanted: &Ty) -> Node {
        if !typed.1.meets(wanted) || typed.1 == Ty::Null {
            self.refuse(tree, format!("{} where {} is needed", typed.1.name(), wanted.name()), "compare it with something");
        }
        typed.0
    }
}

/// A list of literals is one literal, so that it is made once and not for every element it is compared with.
fn constant_list(nodes: Vec<Node>) -> Node {
    let constant = |node: &Node| match node {
        Node::Const(value) => Some(value.clone()),
        _ => None,
    };
    match nodes.iter().map(constant).collect::<Option<Vec<_>>>() {
        Some(values) => Node::Const(Value::Array(values)),
        None => Node::List(nodes),
    }
}

/// A path as it was written, for messages.
fn spelled(tree: &IdedExpr) -> String {
    match &tree.expr {
        Expr::Ident(name) => name.clone(),
        Expr::Select(select) => spelled(&select.operand) + "." + &select.field,
        _ => "…".into(),
    }
}
