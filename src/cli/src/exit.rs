//! The exit codes, which scripts rely on.

use std::process::ExitCode;

/// How a run of the program ended. Where several hold, the gravest that is listed last wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing unexempted fails at or above `--fail-on`.
    Clean,
    /// There are findings.
    Findings,
    /// A verdict is unknown because a read failed: nobody can say that the controls work.
    Incomplete,
    /// The command line, the configuration, a check, a catalog or a recording is wrong.
    Usage,
    /// Nobody to ask as: no usable credentials.
    Credentials,
    /// We broke a promise, or the machine did (disk, database).
    Internal,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Credentials => 4,
            Exit::Internal => 5,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
