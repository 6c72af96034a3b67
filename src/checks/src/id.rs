//! The identity of a check: the path of its folder.

/// `<control>/<provider>/<name>`, such as `dat-04/aws/s3-bucket-encrypted`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId {
    text: String,
    control: usize,
    provider: usize,
}

/// What is wrong with a check's path.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not `<control>/<provider>/<check>`")]
pub struct BadCheckId(pub String);

impl CheckId {
    /// The control that it is under.
    pub fn control(&self) -> &str {
        &self.text[..self.control]
    }

    /// The provider that it is for.
    pub fn provider(&self) -> &str {
        &self.text[self.control + 1..self.provider]
    }

    /// Its own name.
    pub fn name(&self) -> &str {
        &self.text[self.provider + 1..]
    }

    /// The whole.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl std::str::FromStr for CheckId {
    type Err = BadCheckId;

    fn from_str(text: &str) -> Result<Self, BadCheckId> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            [control, provider, name] if !control.is_empty() && !provider.is_empty() && !name.is_empty() => {
                Ok(Self { text: text.to_owned(), control: control.len(), provider: control.len() + 1 + provider.len() })
            }
            _ => Err(BadCheckId(text.to_owned())),
        }
    }
}

impl std::fmt::Display for CheckId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}
