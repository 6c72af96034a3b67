//! `assize ledger keygen`: a key that signs checkpoints.

use std::io::Write;
use std::path::PathBuf;

use data_encoding::BASE64;
use ledger::Signer;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::records::told;
use crate::tables::print;

/// Where the key goes, and what it is called.
#[derive(clap::Args)]
pub struct Args {
    /// The file for the secret; must not be there yet
    file: PathBuf,
    /// What the key is called in signatures: a name of yours, such as example.org/assize
    #[arg(long)]
    name: String,
}

/// Makes the key and prints its verifier.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    // As C2SP signed-note has it: neither blank nor plus, which part the pieces of a verifier and of a signature.
    if args.name.is_empty() || args.name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(Failure::usage(format!("`{}` is no name of a key: no blanks and no `+`", args.name.escape_debug())));
    }
    let mut seed = [0; 32];
    aws_lc_rs::rand::fill(&mut seed).map_err(|_| Failure::internal("the operating system gives no random bytes"))?;
    let signer = Signer::of_seed(&args.name, &seed).map_err(told)?;
    write(args, &format!("{}\n{}\n", BASE64.encode(&seed), args.name))?;
    let (file, verifier) = (args.file.display(), signer.verifier());
    print(&format!("{verifier}\n"))?;
    eprintln!(
        "assize: the secret is in `{file}`; keep it where the ledger cannot be written from. In config.toml:\n  [ledger]\n  key = \"{file}\"\n  verifier = \"{verifier}\""
    );
    Ok(Exit::Clean)
}

/// A key that is there is never overwritten: what it signed could not be signed again.
fn write(args: &Args, text: &str) -> Result<(), Failure> {
    let file = args.file.display();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&args.file).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::usage(format!("`{file}` is there already; name another file")),
        _ => Failure::internal(format!("cannot write `{file}`: {error}")),
    })?;
    out.write_all(text.as_bytes())
        .and_then(|()| out.sync_all())
        .map_err(|error| Failure::internal(format!("cannot write `{file}`: {error}")))
}
