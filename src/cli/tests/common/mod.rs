//! Running the program as a person does, on the recorded estate.

// Each test program uses its part of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The clock of every run here.
pub const NOW: &str = "2026-11-28T06:00:00Z";

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace is there")
}

/// Runs the program in the root of the workspace, with nothing of the machine's own AWS configuration.
pub fn assize(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assize"));
    command.args(args).current_dir(root()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", std::env::temp_dir().join("assize-nobody")).env("AWS_EC2_METADATA_DISABLED", "true");
    command.output().expect("the program runs")
}

/// Assesses the recorded estate into a folder of its own.
pub fn assess(folder: &Path, more: &[&str]) -> Output {
    let (ledger, output) = (folder.join("ledger.sqlite"), folder.join("out"));
    let mut args = vec!["assess", "--now", NOW, "--ledger", ledger.to_str().unwrap(), "--output", output.to_str().unwrap()];
    args.extend(more);
    assize(&args)
}

/// What was printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file as text.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
