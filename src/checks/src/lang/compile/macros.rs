//! The macros that walk a list. The parser has expanded them; here they are recognised again, because a walk that is known by
//! name can be judged three-valued and stopped early.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

use super::{Compiler, Typed};
use crate::lang::node::{Macro, Node};
use crate::lang::types::Ty;

/// A macro with the expressions that were written in it.
struct Walk<'t> {
    macro_: Macro,
    body: &'t IdedExpr,
    keep: Option<&'t IdedExpr>,
}

impl Compiler<'_> {
    pub(super) fn walk(&mut self, tree: &IdedExpr, walk: &ComprehensionExpr) -> Typed {
        let Some(Walk { macro_, body, keep }) = recognise(walk) else {
            return self.refuse(tree, "a walk that is no macro of ours", "use all, exists, exists_one, filter or map");
        };
        let (range, range_ty) = self.expression(&walk.iter_range);
        let item = match range_ty {
            Ty::Any => Ty::Any,
            Ty::List(item) => (*item).clone(),
            Ty::Map(_) | Ty::Object(_) => Ty::Text,
            Ty::Null | Ty::Bool | Ty::Int | Ty::Double | Ty::Text | Ty::Optional(_) => {
                self.refuse(&walk.iter_range, format!("{} cannot be walked over", range_ty.name()), "only lists and objects can").1
            }
        };
        self.depth += 1;
        if self.depth > self.nesting {
            let what = format!("macros are nested {} deep; {} are allowed", self.depth, self.nesting);
            self.refuse(tree, what, "let the provider derive a fact, or say `nesting = 3` with a `nesting_reason`");
        }
        let slot = self.locals.len();
        self.locals.push((walk.iter_var.clone(), item.clone()));
        let keep = keep.map(|keep| {
            let typed = self.expression(keep);
            Box::new(self.want(keep, typed, &Ty::Bool))
        });
        let (node, ty) = self.expression(body);
        let (node, ty) = match macro_ {
            Macro::All | Macro::Exists | Macro::ExistsOne => (self.want(body, (node, ty), &Ty::Bool), Ty::Bool),
            Macro::Filter => (self.want(body, (node, ty), &Ty::Bool), Ty::List(item.into())),
            Macro::Map => (node, Ty::List(ty.into())),
        };
        self.locals.pop();
        self.depth -= 1;
        (Node::Over { macro_, range: Box::new(range), slot, body: Box::new(node), keep }, ty)
    }
}

fn recognise(walk: &ComprehensionExpr) -> Option<Walk<'_>> {
    let step = call(&walk.loop_step)?;
    match (&walk.accu_init.expr, step.func_name.as_str(), step.args.as_slice()) {
        (Expr::Literal(LiteralValue::Boolean(_)), operators::LOGICAL_AND, [_, body]) => Some(Walk { macro_: Macro::All, body, keep: None }),
        (Expr::Literal(LiteralValue::Boolean(_)), operators::LOGICAL_OR, [_, body]) => {
            Some(Walk { macro_: Macro::Exists, body, keep: None })
        }
        (Expr::Literal(LiteralValue::Int(_)), operators::CONDITIONAL, [body, ..]) => {
            Some(Walk { macro_: Macro::ExistsOne, body, keep: None })
        }
        (Expr::List(_), operators::ADD, [_, made]) => Some(Walk { macro_: Macro::Map, body: only(made)?, keep: None }),
        (Expr::List(_), operators::CONDITIONAL, [keep, then, _]) => {
            let [_, made] = call(then)?.args.as_slice() else { return None };
            let made = only(made)?;
            // filter() keeps the element itself; map() with three arguments makes something of it.
            match &made.expr {
                Expr::Ident(name) if *name == walk.iter_var => Some(Walk { macro_: Macro::Filter, body: keep, keep: None }),
                _ => Some(Walk { macro_: Macro::Map, body: made, keep: Some(keep) }),
            }
        }
        _ => None,
    }
}

fn call(tree: &IdedExpr) -> Option<&CallExpr> {
    match &tree.expr {
        Expr::Call(call) => Some(call),
        _ => None,
    }
}

fn only(tree: &IdedExpr) -> Option<&IdedExpr> {
    match &tree.expr {
        Expr::List(list) => list.elements.first(),
        _ => None,
    }
}
