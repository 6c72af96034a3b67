//! Operators and functions: what they take, and what they give.

use std::sync::Arc;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

use super::{Compiler, Typed};
use crate::diagnostic::did_you_mean;
use crate::lang::function::{FUNCTIONS, Function, Style, Wanted};
use crate::lang::node::{Arith, Macro, Node, Order};
use crate::lang::types::Ty;

impl Compiler<'_> {
    pub(super) fn call(&mut self, tree: &IdedExpr, call: &CallExpr) -> Typed {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND, [left, right]) => self.logic(left, right, Node::And),
            (operators::LOGICAL_OR, [left, right]) => self.logic(left, right, Node::Or),
            (operators::LOGICAL_NOT, [of]) => (Node::Not(Box::new(self.truth(of))), Ty::Bool),
            (operators::NEGATE, [of]) => {
                let (node, ty) = self.expression(of);
                (Node::Negate(Box::new(node)), ty)
            }
            (operators::CONDITIONAL, [condition, then, otherwise]) => self.conditional(condition, then, otherwise),
            (operators::EQUALS, [left, right]) => self.equality(tree, left, right, false),
            (operators::NOT_EQUALS, [left, right]) => self.equality(tree, left, right, true),
            (operators::LESS, [left, right]) => self.order(tree, left, right, Order::Less),
            (operators::LESS_EQUALS, [left, right]) => self.order(tree, left, right, Order::LessEqual),
            (operators::GREATER, [left, right]) => self.order(tree, left, right, Order::Greater),
            (operators::GREATER_EQUALS, [left, right]) => self.order(tree, left, right, Order::GreaterEqual),
            (operators::ADD, [left, right]) => self.arith(tree, left, right, Arith::Add),
            (operators::SUBSTRACT, [left, right]) => self.arith(tree, left, right, Arith::Subtract),
            (operators::MULTIPLY, [left, right]) => self.arith(tree, left, right, Arith::Multiply),
            (operators::DIVIDE, [left, right]) => self.arith(tree, left, right, Arith::Divide),
            (operators::MODULO, [left, right]) => self.arith(tree, left, right, Arith::Modulo),
            (operators::IN, [item, of]) => self.membership(tree, item, of),
            (operators::INDEX, [of, key]) => self.index(tree, of, key, false),
            (operators::OPT_INDEX, [of, key]) => self.index(tree, of, key, true),
            (operators::OPT_SELECT, [of, field]) => self.optional(tree, of, field),
            (name, args) => self.function(tree, name, call.target.as_deref(), args),
        }
    }

    fn truth(&mut self, tree: &IdedExpr) -> Node {
        let typed = self.expression(tree);
        self.want(tree, typed, &Ty::Bool)
    }

    fn logic(&mut self, left: &IdedExpr, right: &IdedExpr, make: fn(Box<Node>, Box<Node>) -> Node) -> Typed {
        let (left, right) = (self.truth(left), self.truth(right));
        (make(Box::new(left), Box::new(right)), Ty::Bool)
    }

    fn conditional(&mut self, condition: &IdedExpr, then: &IdedExpr, otherwise: &IdedExpr) -> Typed {
        let condition = self.truth(condition);
        let ((then, a), (otherwise, b)) = (self.expression(then), self.expression(otherwise));
        (Node::If(Box::new([condition, then, otherwise])), a.join(b))
    }

    fn equality(&mut self, tree: &IdedExpr, left: &IdedExpr, right: &IdedExpr, negated: bool) -> Typed {
        let ((left, a), (right, b)) = (self.expression(left), self.expression(right));
        if !a.meets(&b) {
            return self.refuse(tree, format!("{} and {} are never equal", a.name(), b.name()), "compare like with like");
        }
        (Node::Equal { left: Box::new(left), right: Box::new(right), negated }, Ty::Bool)
    }

    fn order(&mut self, tree: &IdedExpr, left: &IdedExpr, right: &IdedExpr, order: Order) -> Typed {
        let ((left, a), (right, b)) = (self.expression(left), self.expression(right));
        let ordered = |ty: &Ty| matches!(ty, Ty::Any | Ty::Int | Ty::Double | Ty::Text);
        if !ordered(&a) || !ordered(&b) || !a.meets(&b) {
            return self.refuse(
                tree,
                format!("{} and {} have no order", a.name(), b.name()),
                "compare numbers with numbers, text with text",
            );
        }
        (Node::Order { order, left: Box::new(left), right: Box::new(right) }, Ty::Bool)
    }

    fn arith(&mut self, tree: &IdedExpr, left: &IdedExpr, right: &IdedExpr, arith: Arith) -> Typed {
        let ((left, a), (right, b)) = (self.expression(left), self.expression(right));
        let number = |ty: &Ty| matches!(ty, Ty::Any | Ty::Int | Ty::Double);
        let joins =
            arith == Arith::Add && matches!((&a, &b), (Ty::Any | Ty::Text, Ty::Text) | (Ty::Text, Ty::Any) | (Ty::List(_), Ty::List(_)));
        let reckons = number(&a) && number(&b);
        if !joins && !reckons {
            return self.refuse(tree, format!("{} and {} cannot be reckoned with", a.name(), b.name()), "use numbers");
        }
        (Node::Arith { arith, left: Box::new(left), right: Box::new(right) }, a.join(b))
    }

    fn membership(&mut self, tree: &IdedExpr, item: &IdedExpr, of: &IdedExpr) -> Typed {
        let ((item, a), (of, b)) = (self.expression(item), self.expression(of));
        let fits = match &b {
            Ty::Any => true,
            Ty::List(element) => a.meets(element),
            Ty::Map(_) | Ty::Object(_) => a.meets(&Ty::Text),
            Ty::Null | Ty::Bool | Ty::Int | Ty::Double | Ty::Text | Ty::Optional(_) => false,
        };
        if !fits {
            return self.refuse(tree, format!("{} is never in {}", a.name(), b.name()), "write `element in list`");
        }
        (Node::In { item: Box::new(item), of: Box::new(of) }, Ty::Bool)
    }

    fn index(&mut self, tree: &IdedExpr, of: &IdedExpr, key: &IdedExpr, optional: bool) -> Typed {
        let ((of, ty), (key, key_ty)) = (self.expression(of), self.expression(key));
        let item = match &ty {
            Ty::Any | Ty::Object(_) => Ty::Any,
            Ty::List(item) if key_ty.meets(&Ty::Int) => (**item).clone(),
            Ty::Map(value) if key_ty.meets(&Ty::Text) => (**value).clone(),
            Ty::Optional(_) => Ty::Any,
            Ty::List(_) | Ty::Map(_) | Ty::Null | Ty::Bool | Ty::Int | Ty::Double | Ty::Text => {
                return self.refuse(
                    tree,
                    format!("{} is no index of {}", key_ty.name(), ty.name()),
                    "lists have numbers, objects have names",
                );
            }
        };
        let ty = if optional { Ty::Optional(Arc::new(item)) } else { item };
        (Node::Index { of: Box::new(of), key: Box::new(key), optional }, ty)
    }

    /// `of.?field`.
    fn optional(&mut self, tree: &IdedExpr, of: &IdedExpr, field: &IdedExpr) -> Typed {
        let Expr::Literal(LiteralValue::String(field)) = &field.expr else {
            return self.refuse(tree, "a field that is no name", "write `.?Field`");
        };
        let (node, ty) = self.select(tree, of, field.inner(), false);
        let Node::Select { of, field, .. } = node else { return (node, ty) };
        let ty = match ty {
            Ty::Optional(_) => ty,
            ty => Ty::Optional(Arc::new(ty)),
        };
        (Node::OptSelect { of, field }, ty)
    }

    fn function(&mut self, tree: &IdedExpr, name: &str, target: Option<&IdedExpr>, args: &[IdedExpr]) -> Typed {
        let Some((_, function, style, wanted, gives)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            let fix = did_you_mean(name, FUNCTIONS.iter().map(|(name, ..)| *name), "functions");
            return self.refuse(tree, format!("unknown function `{name}`"), fix);
        };
        let placed = match style {
            Style::Method => target.is_some(),
            Style::Global => target.is_none(),
            Style::Either => true,
        };
        let all: Vec<&IdedExpr> = target.into_iter().chain(args).collect();
        if !placed || all.len() != wanted.len() {
            let form = if *style == Style::Global { format!("{name}(…)") } else { format!("x.{name}(…)") };
            return self.refuse(
                tree,
                format!("`{name}` is not called like this"),
                format!("it is `{form}` with {} values in all", wanted.len()),
            );
        }
        let typed: Vec<Typed> = all.iter().map(|arg| self.expression(arg)).collect();
        for ((arg, (_, ty)), wanted) in all.iter().zip(&typed).zip(*wanted) {
            if !wanted.takes(ty) {
                self.refuse(arg, format!("`{name}` is given {}", ty.name()), format!("it takes {}", wanted.name()));
            }
        }
        self.called(tree, *function, wanted, typed, gives)
    }

    fn called(&mut self, tree: &IdedExpr, function: Function, wanted: &[Wanted], typed: Vec<Typed>, gives: &Ty) -> Typed {
        let inner = match (function, typed.first()) {
            (Function::OrValue, Some((_, Ty::Optional(inner)))) => (**inner).clone(),
            _ => gives.clone(),
        };
        let mut args: Vec<Node> = typed.into_iter().map(|(node, _)| node).collect();
        if wanted.contains(&Wanted::Pattern) {
            return self.pattern(tree, args);
        }
        // The filtered list itself is never made; and a count can be compared although not everything was read.
        if function == Function::Size
            && matches!(args.first(), Some(Node::Over { macro_: Macro::Filter, .. }))
            && let Some(Node::Over { range, slot, body, .. }) = args.pop()
        {
            return (Node::Count { range, slot, body }, inner);
        }
        args.shrink_to_fit();
        (Node::Call { function, args }, inner)
    }

    /// Patterns are compiled once, when the check is loaded.
    fn pattern(&mut self, tree: &IdedExpr, mut args: Vec<Node>) -> Typed {
        let Some(Node::Const(serde_json::Value::String(pattern))) = args.pop() else {
            return self.refuse(tree, "a pattern that is not written here", "write the pattern in quotes");
        };
        match (regex::RegexBuilder::new(&pattern).size_limit(1 << 20).build(), args.pop()) {
            (Ok(pattern), Some(of)) => (Node::Matches { of: Box::new(of), pattern }, Ty::Bool),
            (Err(error), _) => self.refuse(tree, format!("`{pattern}` is no pattern"), error.to_string().replace('\n', " ")),
            (Ok(_), None) => self.refuse(tree, "a pattern of nothing", "write `text.matches('pattern')`"),
        }
    }
}
