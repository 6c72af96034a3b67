//! Why a command could not do what it was asked, and how that is told.

use checks::Diagnostic;

use crate::exit::Exit;

/// A command that did not get to its end.
#[derive(Debug)]
pub enum Failure {
    /// Files that a person wrote are wrong; all places at once.
    Files(Vec<Diagnostic>),
    /// Something else, with the exit code that it has.
    Other(Exit, Box<dyn std::error::Error + Send + Sync>),
}

impl Failure {
    /// A mistake on the command line or in what it names.
    pub fn usage(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(Exit::Usage, error.into())
    }

    /// A trouble of ours or of the machine's.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(Exit::Internal, error.into())
    }

    /// What the exit code is.
    pub fn exit(&self) -> Exit {
        match self {
            Failure::Files(_) => Exit::Usage,
            Failure::Other(exit, _) => *exit,
        }
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Failure::Files(problems)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Files(problems) => {
                problems.iter().try_for_each(|problem| writeln!(f, "{problem}"))?;
                write!(f, "{} to correct", counted(problems.len(), "problem"))
            }
            Failure::Other(_, error) => {
                write!(f, "{error}")?;
                let mut cause = error.source();
                while let Some(error) = cause {
                    write!(f, ": {error}")?;
                    cause = error.source();
                }
                Ok(())
            }
        }
    }
}

/// `1 problem`, `2 problems`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
