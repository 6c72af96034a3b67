//! `assize checks new`: the folder of a check, with everything that is left to fill in.

use std::path::Path;

use crate::config::Config;
use crate::content;
use crate::exit::Exit;
use crate::failure::Failure;

/// The check to start.
#[derive(clap::Args)]
pub struct Args {
    /// The control, such as dat-04
    control: String,
    /// The provider, such as aws
    provider: String,
    /// The name, such as s3-bucket-encrypted
    name: String,
    /// The kind that it judges, such as aws.s3.bucket (see docs/kinds.md)
    #[arg(long)]
    kind: Option<String>,
}

/// Makes the folder.
pub fn run(config: &Config, args: Args) -> Result<Exit, Failure> {
    let known = content::parameters(&config.path(&config.assess.profile))?;
    let Some(params) = known.get(&args.control) else {
        return Err(Failure::usage(format!("no control `{}` in the catalogs behind {}", args.control, config.assess.profile.display())));
    };
    let kinds: Vec<String> = content::kinds()
        .into_iter()
        .map(|kind| kind.id.to_string())
        .filter(|kind| kind.starts_with(&format!("{}.", args.provider)))
        .collect();
    let kind = match args.kind {
        Some(kind) if kinds.contains(&kind) => kind,
        Some(kind) => return Err(Failure::usage(format!("no kind `{kind}`; there are {}", kinds.join(", ")))),
        None => kinds.first().cloned().ok_or_else(|| Failure::usage(format!("no provider `{}` in this program", args.provider)))?,
    };
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !plain(&args.name) {
        return Err(Failure::usage(format!("`{}` is no name for a check: lower case, digits and `-`", args.name)));
    }
    let folder = config.path(&config.assess.controls).join(&args.control).join(&args.provider).join(&args.name);
    write(&folder, &template(&kind, &params.keys().cloned().collect::<Vec<_>>()))?;
    println!(
        "{0}/check.toml is yours to fill in; then add pass-*.json, fail-*.json and unknown-*.json, and run\n  assize checks test {0}",
        folder.display()
    );
    Ok(Exit::Clean)
}

fn write(folder: &Path, text: &str) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::internal(format!("cannot write `{}`: {error}", folder.display()));
    if folder.exists() {
        return Err(Failure::usage(format!("`{}` is there already", folder.display())));
    }
    std::fs::create_dir_all(folder).map_err(told)?;
    std::fs::write(folder.join("check.toml"), text).map_err(told)
}

fn template(kind: &str, params: &[String]) -> String {
    let params = if params.is_empty() { "none".into() } else { params.join(", ") };
    format!(
        r#"title    = ""                     # what is true when it passes
kind     = "{kind}"    # docs/kinds.md lists kinds and their fields
severity = "medium"               # critical, high, medium, low
# when   = ""                     # where it applies; then say why not elsewhere in when_reason
pass     = ""                     # CEL over `resource`, `tags`, `scope` and `params` ({params})
message  = "{{{{ resource.Name }}}} …"  # one sentence, lower case, about the failing resource
why      = ""                     # what goes wrong
fix      = ""                     # what to do, with the command that does it
evidence = []                     # paths that an auditor wants to see, such as "resource.Encryption"
"#
    )
}
