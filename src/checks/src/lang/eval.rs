//! Judges a compiled expression over borrowed documents: true, false, or the reads that are missing.
//!
//! `&&`, `||`, `all` and `exists` absorb what is missing as Kleene's logic does; everything else passes it on.

use std::borrow::Cow;
use std::rc::Rc;

use inventory::Gap;
use jiff::Timestamp;
use serde_json::Value;

use super::node::{Macro, Node, Order, Root};
use super::value::Val;
use super::{eval_call, eval_list};

/// Why there is no value: what was not read, or what is not there. Never a verdict by itself.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::box_collection, reason = "every value travels beside it; one word keeps those small")]
pub(crate) struct Stop(Box<Vec<Gap>>);

impl Stop {
    /// A read that failed.
    pub(crate) fn gap(gap: Gap) -> Self {
        Self(Box::new(vec![gap]))
    }

    /// The document is not as the expression supposes; the check's id becomes the action.
    pub(crate) fn fault(cause: &'static str, detail: impl Into<String>) -> Self {
        Self::gap(Gap::new("", cause).with_detail(detail))
    }

    /// What is missing, all told.
    pub(crate) fn gaps(self) -> Vec<Gap> {
        *self.0
    }

    /// Both are missing.
    pub(crate) fn and(mut self, other: Stop) -> Self {
        self.0.extend(*other.0);
        self
    }
}

/// One evaluation.
pub(crate) struct Eval<'d> {
    pub(crate) resource: &'d Value,
    pub(crate) params: &'d Value,
    pub(crate) tags: &'d Value,
    pub(crate) scope: &'d Value,
    pub(crate) now: Timestamp,
    /// The earliest instant at which an age that was asked for flips.
    pub(crate) recheck_at: Option<Timestamp>,
    pub(crate) locals: Vec<Result<Val<'d>, Stop>>,
}

impl<'d> Eval<'d> {
    /// The value of an expression.
    pub(crate) fn value(&mut self, node: &'d Node) -> Result<Val<'d>, Stop> {
        match node {
            Node::Const(value) => Val::read(value),
            Node::Root(root) => Val::read(self.root(*root)),
            Node::Local(slot) => self.locals[*slot].clone(),
            Node::List(items) => Ok(Val::Made(items.iter().map(|item| self.value(item)).collect::<Result<Rc<[_]>, _>>()?)),
            Node::Select { of, field, path } => select(self.value(of)?, field, path),
            Node::Has { of, field } => has(self.value(of)?, field).map(Val::Bool),
            Node::OptSelect { of, field } => opt_select(self.value(of)?, field),
            Node::Index { of, key, optional } => {
                let (of, key) = (self.value(of)?, self.value(key)?);
                eval_list::index(of, key, *optional)
            }
            Node::Not(of) => self.truth(of).map(|truth| Val::Bool(!truth)),
            Node::Negate(of) => eval_list::negate(self.value(of)?),
            Node::And(left, right) => self.decided_by(false, left, right).map(Val::Bool),
            Node::Or(left, right) => self.decided_by(true, left, right).map(Val::Bool),
            Node::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                if self.truth(condition)? { self.value(then) } else { self.value(otherwise) }
            }
            Node::Equal { left, right, negated } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                left.equals(&right).map(|equal| Val::Bool(equal != *negated))
            }
            Node::Order { order, left, right } => {
                let (left, right) = (self.at_least(left)?, self.at_least(right)?);
                compared(*order, left, right).map(Val::Bool)
            }
            Node::Arith { arith, left, right } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                eval_list::arith(*arith, left, right)
            }
            Node::In { item, of } => {
                let (item, of) = (self.value(item)?, self.value(of)?);
                eval_list::is_in(&item, &of).map(Val::Bool)
            }
            Node::Call { function, args } => {
                let args = args.iter().map(|arg| self.value(arg)).collect::<Result<Vec<_>, _>>()?;
                eval_call::call(self, *function, args)
            }
            Node::Matches { of, pattern } => match self.value(of)? {
                Val::Text(text) => Ok(Val::Bool(pattern.is_match(&text))),
                other => Err(unexpected("text", &other)),
            },
            Node::Count { .. } => match self.at_least(node)? {
                (count, None) => Ok(count),
                (_, Some(missing)) => Err(missing),
            },
            Node::Over { macro_, range, slot, body, keep } => {
                let range = self.value(range)?;
                self.over(*macro_, range, *slot, body, keep.as_deref())
            }
        }
    }

    /// The value of an expression; of a count with what is missing the part that is certain. It is that much at least.
    fn at_least(&mut self, node: &'d Node) -> Result<Counted<'d>, Stop> {
        let Node::Count { range, slot, body } = node else { return Ok((self.value(node)?, None)) };
        let range = self.value(range)?;
        let (mut count, mut missing) = (0, None::<Stop>);
        for item in elements(range)? {
            let unread = item.as_ref().err().cloned();
            match (self.bound(*slot, item, |eval| eval.truth(body)), unread) {
                (Ok(false), _) => {}
                (Ok(true), None) => count += 1,
                // What was not read may stand for nothing, one or many.
                (Ok(true), Some(more)) | (Err(more), _) => missing = Some(missing.map_or(more.clone(), |missing| missing.and(more))),
            }
        }
        Ok((Val::Int(count), missing))
    }

    /// The truth of an expression.
    pub(crate) fn truth(&mut self, node: &'d Node) -> Result<bool, Stop> {
        match self.value(node)? {
            Val::Bool(truth) => Ok(truth),
            other => Err(unexpected("a boolean", &other)),
        }
    }

    fn root(&self, root: Root) -> &'d Value {
        match root {
            Root::Resource => self.resource,
            Root::Params => self.params,
            Root::Tags => self.tags,
            Root::Scope => self.scope,
        }
    }

    /// `&&` is decided by one false, `||` by one true, on whichever side and whatever the other side lacks.
    fn decided_by(&mut self, decisive: bool, left: &'d Node, right: &'d Node) -> Result<bool, Stop> {
        match self.truth(left) {
            Ok(truth) if truth == decisive => Ok(decisive),
            Ok(_) => self.truth(right),
            Err(missing) => match self.truth(right) {
                Ok(truth) if truth == decisive => Ok(decisive),
                Ok(_) => Err(missing),
                Err(more) => Err(missing.and(more)),
            },
        }
    }

    fn over(&mut self, macro_: Macro, range: Val<'d>, slot: usize, body: &'d Node, keep: Option<&'d Node>) -> Result<Val<'d>, Stop> {
        let items = elements(range)?;
        match macro_ {
            Macro::All => self.quantify(false, items, slot, body),
            Macro::Exists => self.quantify(true, items, slot, body),
            Macro::ExistsOne => self.exactly_one(items, slot, body),
            Macro::Filter => {
                let mut kept = Vec::new();
                for item in items {
                    if self.bound(slot, item.clone(), |eval| eval.truth(body))? {
                        kept.push(item?);
                    }
                }
                Ok(Val::Made(kept.into()))
            }
            Macro::Map => {
                let mut made = Vec::new();
                for item in items {
                    if keep.is_none() || self.bound(slot, item.clone(), |eval| keep.map_or(Ok(true), |keep| eval.truth(keep)))? {
                        made.push(self.bound(slot, item, |eval| eval.value(body))?);
                    }
                }
                Ok(Val::Made(made.into()))
            }
        }
    }

    fn quantify(&mut self, decisive: bool, items: Elements<'d>, slot: usize, body: &'d Node) -> Result<Val<'d>, Stop> {
        let mut missing: Option<Stop> = None;
        for item in items {
            match self.bound(slot, item, |eval| eval.truth(body)) {
                Ok(truth) if truth == decisive => return Ok(Val::Bool(decisive)),
                Ok(_) => {}
                Err(more) => missing = Some(missing.map_or(more.clone(), |missing| missing.and(more))),
            }
        }
        missing.map_or(Ok(Val::Bool(!decisive)), Err)
    }

    /// Two that hold decide it, whatever else is missing.
    fn exactly_one(&mut self, items: Elements<'d>, slot: usize, body: &'d Node) -> Result<Val<'d>, Stop> {
        let (mut count, mut missing) = (0, None::<Stop>);
        for item in items {
            match self.bound(slot, item, |eval| eval.truth(body)) {
                Ok(truth) => count += usize::from(truth),
                Err(more) => missing = Some(missing.map_or(more.clone(), |missing| missing.and(more))),
            }
        }
        match missing {
            Some(missing) if count < 2 => Err(missing),
            Some(_) | None => Ok(Val::Bool(count == 1)),
        }
    }

    fn bound<T>(&mut self, slot: usize, item: Result<Val<'d>, Stop>, work: impl FnOnce(&mut Self) -> T) -> T {
        self.locals.truncate(slot);
        self.locals.push(item);
        let done = work(self);
        self.locals.truncate(slot);
        done
    }
}

/// A value, and what is missing of it: then it is a whole number that can only grow.
type Counted<'d> = (Val<'d>, Option<Stop>);

/// What is certain decides, if more of it would change nothing: three of at most two are too many, whatever else there is.
fn compared(order: Order, left: Counted<'_>, right: Counted<'_>) -> Result<bool, Stop> {
    let ((a, left), (b, right)) = (left, right);
    let holds = ordered(order, &a, &b)?;
    // A left side that grows makes `>` and `>=` more true, a right side that grows makes `<` and `<=` more true.
    let grows_left = match order {
        Order::Greater | Order::GreaterEqual => true,
        Order::Less | Order::LessEqual => false,
    };
    match (left, right) {
        (None, None) => Ok(holds),
        (Some(_), None) if holds == grows_left => Ok(holds),
        (None, Some(_)) if holds != grows_left => Ok(holds),
        (Some(missing), None) | (None, Some(missing)) => Err(missing),
        (Some(missing), Some(more)) => Err(missing.and(more)),
    }
}

type Elements<'d> = Box<dyn Iterator<Item = Result<Val<'d>, Stop>> + 'd>;

/// What a macro walks over: a list's elements, an object's keys. Of a key whose value was not read nobody knows whether it is there.
fn elements<'d>(range: Val<'d>) -> Result<Elements<'d>, Stop> {
    match range {
        Val::Array(items) => Ok(Box::new(items.iter().map(Val::read))),
        Val::Made(items) => Ok(Box::new((0..items.len()).map(move |at| Ok(items[at].clone())))),
        Val::Object(members) => Ok(Box::new(members.iter().map(|(key, value)| Val::read(value).map(|_| Val::Text(Cow::Borrowed(key)))))),
        other => Err(unexpected("a list", &other)),
    }
}

fn select<'d>(of: Val<'d>, field: &str, path: &str) -> Result<Val<'d>, Stop> {
    match of {
        Val::Object(members) => match members.get(field) {
            Some(value) => Val::read(value),
            None => Err(Stop::fault("FieldAbsent", format!("`{path}` is not there"))),
        },
        Val::Optional(_) => opt_select(of, field),
        other => Err(Stop::fault("Unexpected", format!("`{path}` is asked of {}", other.sort()))),
    }
}

fn has(of: Val<'_>, field: &str) -> Result<bool, Stop> {
    match of {
        Val::Object(members) => members.get(field).map_or(Ok(false), |value| Val::read(value).map(|_| true)),
        Val::Optional(None) => Ok(false),
        Val::Optional(Some(inner)) => has((*inner).clone(), field),
        other => Err(unexpected("an object", &other)),
    }
}

fn opt_select<'d>(of: Val<'d>, field: &str) -> Result<Val<'d>, Stop> {
    match of {
        Val::Object(members) => {
            let found = members.get(field).map(Val::read).transpose()?;
            Ok(Val::Optional(found.map(Rc::new)))
        }
        Val::Optional(None) => Ok(Val::Optional(None)),
        Val::Optional(Some(inner)) => opt_select((*inner).clone(), field),
        other => Err(unexpected("an object", &other)),
    }
}

fn ordered(order: Order, left: &Val, right: &Val) -> Result<bool, Stop> {
    let ordering = match (left, right) {
        (Val::Int(a), Val::Int(b)) => Some(a.cmp(b)),
        (Val::Int(a), Val::Double(b)) => (*a as f64).partial_cmp(b),
        (Val::Double(a), Val::Int(b)) => a.partial_cmp(&(*b as f64)),
        (Val::Double(a), Val::Double(b)) => a.partial_cmp(b),
        (Val::Text(a), Val::Text(b)) => Some(a.cmp(b)),
        _ => None,
    };
    let Some(ordering) = ordering else {
        return Err(Stop::fault("Unexpected", format!("{} and {} have no order", left.sort(), right.sort())));
    };
    Ok(match order {
        Order::Less => ordering.is_lt(),
        Order::LessEqual => ordering.is_le(),
        Order::Greater => ordering.is_gt(),
        Order::GreaterEqual => ordering.is_ge(),
    })
}

/// The document holds another sort of value than the expression needs.
pub(crate) fn unexpected(wanted: &str, found: &Val) -> Stop {
    Stop::fault("Unexpected", format!("{} where {wanted} is needed", found.sort()))
}
