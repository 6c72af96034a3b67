//! What is wrong with a person's file, or merely odd about it: where, what, and what to do.

use std::cell::RefCell;
use std::fmt;

/// One thing to say about a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file or folder.
    pub path: String,
    /// The line, counted from one, where there is one.
    pub line: Option<usize>,
    /// What is wrong or odd, and what to do about it.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

/// Why nothing was imported: everything that is wrong, in order of file and line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", listed(.0))]
pub struct Refused(pub Vec<Diagnostic>);

fn listed(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(Diagnostic::to_string).collect::<Vec<_>>().join("\n")
}

/// Collects what there is to say, from wherever it is noticed.
#[derive(Debug, Default)]
pub(crate) struct Report {
    errors: RefCell<Vec<Diagnostic>>,
    warnings: RefCell<Vec<Diagnostic>>,
}

impl Report {
    pub(crate) fn error(&self, path: &str, line: Option<usize>, message: impl Into<String>) {
        self.errors.borrow_mut().push(Diagnostic { path: path.to_owned(), line, message: message.into() });
    }

    pub(crate) fn warn(&self, path: &str, line: Option<usize>, message: impl Into<String>) {
        self.warnings.borrow_mut().push(Diagnostic { path: path.to_owned(), line, message: message.into() });
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.errors.borrow().is_empty()
    }

    /// The warnings, unless there are errors.
    pub(crate) fn settled(self) -> Result<Vec<Diagnostic>, Refused> {
        let (mut errors, mut warnings) = (self.errors.into_inner(), self.warnings.into_inner());
        errors.sort();
        warnings.sort();
        if errors.is_empty() { Ok(warnings) } else { Err(Refused(errors)) }
    }
}
