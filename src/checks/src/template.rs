//! A message with places for values: `bucket {{ resource.Name }} …`. The places are expressions, typed like the check itself.

use crate::diagnostic::Diagnostic;
use crate::lang::{Compiled, Eval, Place, Surroundings, Val, compile};

/// The longest value that a message shows, in characters.
const SHOWN: usize = 120;

/// A message, ready to be filled in.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Value(Compiled),
}

impl Template {
    /// Parses and types a message.
    pub(crate) fn new(source: &str, place: &Place, around: &Surroundings) -> Result<Self, Vec<Diagnostic>> {
        let (mut pieces, mut problems, mut rest) = (Vec::new(), Vec::new(), source);
        while let Some((before, after)) = rest.split_once("{{") {
            pieces.push(Piece::Text(before.to_owned()));
            let at = source.len() - after.len();
            let Some((inner, after)) = after.split_once("}}") else {
                problems.push(place.problem(source, at, "`{{` without `}}`", "close it"));
                break;
            };
            let shift = inner.len() - inner.trim_start().len();
            let inner_place = Place { column: place.column + at + shift, ..place.clone() };
            match compile(inner.trim(), &inner_place, around, 0) {
                Ok(value) => pieces.push(Piece::Value(value)),
                Err(found) => problems.extend(found),
            }
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        if problems.is_empty() { Ok(Self(pieces)) } else { Err(problems) }
    }

    /// The expressions in it.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Compiled> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Value(value) => Some(value),
        })
    }

    /// The message about one resource. What was not read is said to be so.
    pub(crate) fn fill<'d>(&'d self, eval: &mut Eval<'d>) -> String {
        let piece = |piece: &'d Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(value) => eval.value(&value.node).map_or_else(|_| "(not read)".into(), |value| shown(&value)),
        };
        self.0.iter().map(piece).collect()
    }
}

fn shown(value: &Val) -> String {
    let text = match value {
        Val::Text(text) => text.to_string(),
        other => other.to_json().to_string(),
    };
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
