//! Who signs how the record stands, as the configuration says: a key in a file, or a command of the user's; and what signatures are
//! checked with.

use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use jiff::Timestamp;
use ledger::{Ledger, Signer, Trust, Verifier, keep_outside, kept_outside};

use crate::config::Config;
use crate::failure::Failure;
use crate::records::told;

/// A signer, and the file outside of the record that its checkpoints are added to.
#[derive(Debug)]
pub struct Signing {
    signer: Signer,
    outside: Option<PathBuf>,
}

impl Signing {
    /// The signer that is configured; none if nobody signs.
    pub fn open(config: &Config) -> Result<Option<Self>, Failure> {
        let named = verifier(config)?;
        let signer = match (&config.ledger.key, config.ledger.signer.is_empty()) {
            (Some(key), _) => Some(of_file(&config.path(key), named)?),
            (None, false) => {
                let verifier = named
                    .ok_or_else(|| Failure::usage("`[ledger] signer` needs `verifier`, the key that its signatures are checked with"))?;
                Some(Signer::Command(config.ledger.signer.clone(), verifier))
            }
            (None, true) => None,
        };
        Ok(signer.map(|signer| Self { signer, outside: config.ledger.checkpoints.as_ref().map(|path| config.path(path)) }))
    }

    /// The key that its signatures are checked with.
    pub fn verifier(&self) -> &Verifier {
        self.signer.verifier()
    }

    /// Signs how the record stands, and keeps that outside too, where a file is named for it. None if nothing was added since the last time.
    pub fn checkpoint(&self, ledger: &mut Ledger, now: Timestamp) -> Result<Option<String>, Failure> {
        let signed = ledger.checkpoint(&self.signer, now).map_err(told)?;
        if let Some(path) = &self.outside {
            let wrong = |error: std::io::Error| {
                Failure::internal(format!("the checkpoint is in the ledger and could not be added to `{}`: {error}", path.display()))
            };
            match &signed {
                Some(note) => keep_outside(path, note).map_err(wrong)?,
                // The last one may have been signed while the file could not be written.
                None => keep_last(ledger, path)?.map_err(wrong)?,
            }
        }
        Ok(signed)
    }
}

fn keep_last(ledger: &mut Ledger, path: &Path) -> Result<std::io::Result<()>, Failure> {
    let Some((_, _, last)) = ledger.last_checkpoint().map_err(told)? else { return Ok(Ok(())) };
    let kept = match kept_outside(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other,
    };
    Ok(kept.and_then(|kept| if kept.contains(&last) { Ok(()) } else { keep_outside(path, &last) }))
}

/// The configured key that signatures are checked with.
fn verifier(config: &Config) -> Result<Option<Verifier>, Failure> {
    config.ledger.verifier.as_ref().map(|text| text.parse().map_err(Failure::usage)).transpose()
}

/// The signer of a key file: a line with the seed, and a line with the key's name, which the configured verifier may say instead.
fn of_file(path: &Path, named: Option<Verifier>) -> Result<Signer, Failure> {
    let wrong = |why: String| Failure::usage(format!("cannot sign with the key in `{}`: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let mut lines = text.lines().map(str::trim);
    let seed = BASE64.decode(lines.next().unwrap_or_default().as_bytes());
    let seed = seed.ok().filter(|seed| seed.len() == 32).ok_or_else(|| wrong("its first line is not 32 bytes in base64".into()))?;
    let name = lines.next().filter(|name| !name.is_empty()).or(named.as_ref().map(Verifier::name));
    let name = name.ok_or_else(|| wrong("it has no name; write one in its second line, or set `[ledger] verifier`".into()))?;
    let signer = Signer::of_seed(name, &seed).map_err(told)?;
    match named {
        Some(named) if named != *signer.verifier() => {
            Err(wrong(format!("`[ledger] verifier` is of another key; the one of this key is `{}`", signer.verifier())))
        }
        Some(_) | None => Ok(signer),
    }
}

/// What the record is held against: the keys of the flags and of the configuration, and the checkpoints that were kept outside.
pub fn trust(config: &Config, keys: &[String], outside: Option<&Path>, ledger: &mut Ledger) -> Result<Trust, Failure> {
    let mut trust = Trust::default();
    for key in keys {
        trust.keys.push(key.parse().map_err(Failure::usage)?);
    }
    match verifier(config)? {
        Some(verifier) => trust.keys.push(verifier),
        None if config.ledger.key.is_some() => trust.keys.extend(Signing::open(config)?.map(|signing| signing.verifier().clone())),
        None => {}
    }
    let configured = config.ledger.checkpoints.as_ref().map(|path| config.path(path));
    let Some(path) = outside.map(Path::to_owned).or_else(|| configured.clone()) else { return Ok(trust) };
    match kept_outside(&path) {
        Ok(notes) => trust.outside = notes,
        // Nothing was signed yet, so nothing was kept. Where something was, a file that is gone must not make the record look whole.
        Err(error)
            if error.kind() == std::io::ErrorKind::NotFound && outside.is_none() && ledger.last_checkpoint().map_err(told)?.is_none() => {}
        Err(error) => return Err(Failure::usage(format!("cannot read the checkpoints in `{}`: {error}", path.display()))),
    }
    Ok(trust)
}
