//! Where an expression stands in its file, so that a problem inside it is told with the file's own line and column.

use crate::diagnostic::Diagnostic;

/// The beginning of an expression in a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Place {
    /// The problem at this offset (in characters) of the expression.
    pub(crate) fn problem(&self, source: &str, offset: usize, what: impl Into<String>, fix: impl Into<String>) -> Diagnostic {
        let before: String = source.chars().take(offset).collect();
        let lines = before.matches('\n').count();
        let last = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let column = if lines == 0 { self.column + last } else { last + 1 };
        Diagnostic { file: self.file.clone(), line: self.line + lines, column, what: what.into(), fix: fix.into() }
    }
}
