//! The name of something by its content: of a resource among all resources, of everything that its verdicts rest on.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The first 128 bits of a SHA-256. Two that are equal are of the same thing; so many are in memory that 32 bytes would be too much.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Fingerprint(pub [u8; 16]);

/// What is wrong with a fingerprint that was written down.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no fingerprint of 32 hexadecimal digits")]
pub struct BadFingerprint(String);

/// A fingerprint in the making. Every part is told from the next, so that no two lists of parts run into one.
#[derive(Clone, Default)]
pub(crate) struct Prints(Sha256);

impl Prints {
    /// The same, with one more part.
    pub(crate) fn and(mut self, part: impl AsRef<[u8]>) -> Self {
        self.add(part);
        self
    }

    /// Adds a part.
    pub(crate) fn add(&mut self, part: impl AsRef<[u8]>) {
        let part = part.as_ref();
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// The fingerprint of all parts.
    pub(crate) fn done(self) -> Fingerprint {
        let whole: [u8; 32] = self.0.finalize().into();
        let mut first = [0; 16];
        first.copy_from_slice(&whole[..16]);
        Fingerprint(first)
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl From<Fingerprint> for String {
    fn from(print: Fingerprint) -> String {
        print.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = BadFingerprint;

    fn try_from(text: String) -> Result<Self, BadFingerprint> {
        let digit = |at: usize| text.as_bytes().get(at).and_then(|byte| char::from(*byte).to_digit(16));
        let mut bytes = [0; 16];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let (Some(high), Some(low)) = (digit(2 * at), digit(2 * at + 1)) else { return Err(BadFingerprint(text)) };
            *byte = (high * 16 + low) as u8;
        }
        if text.len() == 32 { Ok(Self(bytes)) } else { Err(BadFingerprint(text)) }
    }
}
