//! Signing by a command of the user's, such as one that asks a key management service.

use std::io::Write;
use std::process::{Command, Stdio};

use data_encoding::BASE64;

use crate::LedgerError;

/// The signature that a command gives for a text: the text goes in, base64 comes out.
pub(super) fn signature(command: &[String], text: &str) -> Result<Vec<u8>, LedgerError> {
    let (program, arguments) = command.split_first().ok_or_else(|| LedgerError::Signer("the command is empty".into()))?;
    let told = |error: std::io::Error| LedgerError::Signer(format!("`{program}`: {error}"));
    let mut child = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(told)?;
    // A command that does not read what it is given may end before it is written; what counts is what it answers.
    drop(child.stdin.take().map(|mut stdin| stdin.write_all(text.as_bytes())));
    let output = child.wait_with_output().map_err(told)?;
    if !output.status.success() {
        return Err(LedgerError::Signer(format!("`{program}` ended with {}", output.status)));
    }
    let answer: Vec<u8> = output.stdout.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(&answer).map_err(|_| LedgerError::Signer(format!("`{program}` did not write base64")))
}
