//! Secrets: where they are, and how they stay out of everything that is shown.

mod redact;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use redact::Redactor;

/// A value that is never shown. Whoever needs it says [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, to be used and not to be shown.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[hidden]")
    }
}

/// Where a secret is. One of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SecretSource {
    /// An environment variable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// A file; its last line break does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// A credential of the systemd unit (`LoadCredential=`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// Where the service manager puts credentials.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// No secret is longer.
const LONGEST: u64 = 64 * 1024;

impl SecretSource {
    /// What is wrong with it, and how to right it.
    pub fn problem(&self) -> Option<(String, String)> {
        let fix = "write one of `{ env = \"NAME\" }`, `{ file = \"path\" }`, `{ credential = \"name\" }`";
        match [self.env.is_some(), self.file.is_some(), self.credential.is_some()].into_iter().filter(|given| *given).count() {
            0 => Some(("it is not said where the secret is".into(), fix.into())),
            1 => match &self.credential {
                Some(name) if name.is_empty() || name.starts_with('.') || name.contains('/') => {
                    Some((format!("`{name}` is no name of a credential"), "write the name that `LoadCredential=` gives it".into()))
                }
                Some(_) | None => None,
            },
            _ => Some(("the secret is in more than one place".into(), fix.into())),
        }
    }

    /// Reads it. Paths are relative to `folder`; `env` looks up an environment variable.
    ///
    /// # Errors
    /// A sentence that names the place and never the value.
    pub fn read(&self, folder: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Secret, String> {
        if let Some((what, fix)) = self.problem() {
            return Err(format!("{what}; {fix}"));
        }
        let (place, value) = match (&self.env, &self.file, &self.credential) {
            (Some(name), _, _) => {
                let value =
                    env(name).ok_or_else(|| format!("the environment variable `{name}`, which should hold a secret, is not set"))?;
                (format!("the environment variable `{name}`"), value)
            }
            (None, Some(path), _) => (format!("`{}`", path.display()), text_of(&folder.join(path))?),
            (None, None, name) => {
                let name = name.as_deref().unwrap_or_default();
                let folder = env(CREDENTIALS).ok_or_else(|| {
                    format!("there is no credential `{name}`: `{CREDENTIALS}` is not set; add `LoadCredential={name}:…` to the unit")
                })?;
                (format!("the credential `{name}`"), text_of(&Path::new(&folder).join(name))?)
            }
        };
        let value = value.trim_end_matches(['\n', '\r']);
        if value.is_empty() { Err(format!("{place} holds an empty secret")) } else { Ok(Secret::new(value)) }
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let told = |error: std::io::Error| format!("the secret in `{}` cannot be read: {error}", path.display());
    let size = std::fs::metadata(path).map_err(told)?.len();
    if size > LONGEST {
        return Err(format!("`{}` is {size} bytes; no secret is", path.display()));
    }
    std::fs::read_to_string(path).map_err(told)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Secret, SecretSource};

    fn read(json: &str, folder: &Path) -> Result<Secret, String> {
        let at = folder.display().to_string();
        let env = move |name: &str| match name {
            "DESK" => Some("from the environment".to_owned()),
            "EMPTY" => Some("\n".to_owned()),
            "CREDENTIALS_DIRECTORY" => Some(at.clone()),
            _ => None,
        };
        serde_json::from_str::<SecretSource>(json).expect("it is one").read(folder, &env)
    }

    #[test]
    fn a_secret_comes_from_the_environment_a_file_or_a_credential() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("key"), "from a file\n").expect("it is written");
        for (json, value) in [
            (r#"{"env": "DESK"}"#, "from the environment"),
            (r#"{"file": "key"}"#, "from a file"),
            (r#"{"credential": "key"}"#, "from a file"),
        ] {
            let secret = read(json, folder.path()).expect("it is there");
            assert_eq!(secret.expose(), value);
            assert_eq!(format!("{secret:?}"), "[hidden]");
        }
    }

    #[test]
    fn a_secret_that_is_not_there_is_told_by_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        for (json, told) in [
            (r#"{"env": "NOBODY"}"#, "`NOBODY`"),
            (r#"{"env": "EMPTY"}"#, "empty"),
            (r#"{"file": "nothing"}"#, "nothing` cannot be read"),
            (r#"{"credential": "../shadow"}"#, "no name of a credential"),
            (r#"{}"#, "not said where"),
            (r#"{"env": "DESK", "file": "key"}"#, "more than one place"),
        ] {
            let error = read(json, folder.path()).expect_err("it is not there");
            assert!(error.contains(told), "{error}");
        }
    }
}
