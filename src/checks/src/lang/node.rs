//! A compiled expression.

use serde_json::Value;

use super::function::Function;

/// One step of an expression. Names are resolved, literals are JSON that values can borrow.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Const(Value),
    Root(Root),
    Local(usize),
    List(Vec<Node>),
    Select {
        of: Box<Node>,
        field: String,
        path: String,
    },
    Has {
        of: Box<Node>,
        field: String,
    },
    OptSelect {
        of: Box<Node>,
        field: String,
    },
    Index {
        of: Box<Node>,
        key: Box<Node>,
        optional: bool,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<[Node; 3]>),
    Equal {
        left: Box<Node>,
        right: Box<Node>,
        negated: bool,
    },
    Order {
        order: Order,
        left: Box<Node>,
        right: Box<Node>,
    },
    Arith {
        arith: Arith,
        left: Box<Node>,
        right: Box<Node>,
    },
    In {
        item: Box<Node>,
        of: Box<Node>,
    },
    Call {
        function: Function,
        args: Vec<Node>,
    },
    Matches {
        of: Box<Node>,
        pattern: regex::Regex,
    },
    /// How many elements of a list hold: `size(list.filter(x, …))`.
    Count {
        range: Box<Node>,
        slot: usize,
        body: Box<Node>,
    },
    Over {
        macro_: Macro,
        range: Box<Node>,
        slot: usize,
        body: Box<Node>,
        keep: Option<Box<Node>>,
    },
}

/// The variables that every expression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Resource,
    Params,
    Tags,
    Scope,
}

/// `<`, `<=`, `>`, `>=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// `+`, `-`, `*`, `/`, `%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arith {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// The macros that walk a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Macro {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}
