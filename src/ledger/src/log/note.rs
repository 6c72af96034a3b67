//! Checkpoints: a signed sentence of how long the log is and which hash stands for it (C2SP tlog-checkpoint in a signed note).

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::LedgerError;
use crate::log::merkle::Hash;

/// Ed25519, in the numbering of C2SP signed-note.
const ED25519_KEY: u8 = 0x01;

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: every ledger has a name of its own.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The hash that stands for them.
    pub root: Hash,
}

impl Checkpoint {
    /// The sentence that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root))
    }

    /// What the text of a note says.
    fn of(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = BASE64.decode(root.as_bytes()).ok()?.try_into().ok()?;
        Some(Self { origin: origin.to_owned(), size: size.parse().ok()?, root })
    }
}

/// A key that signatures are checked with: `name+hash+key` as in C2SP signed-note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: [u8; 32],
}

impl Verifier {
    /// The verifier of a public Ed25519 key under a name.
    pub fn new(name: &str, key: [u8; 32]) -> Self {
        Self { name: name.to_owned(), key }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Four bytes that tell keys of one name apart.
    fn id(&self) -> [u8; 4] {
        let hash = Sha256::new().chain_update(&self.name).chain_update([b'\n', ED25519_KEY]).chain_update(self.key).finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// The signed note of a text and its signature.
    ///
    /// # Errors
    /// If the signature is not this key's.
    pub fn note(&self, text: &str, signature: &[u8]) -> Result<String, LedgerError> {
        if !self.signed(text, signature) {
            return Err(LedgerError::Signer(format!("what it gave is no Ed25519 signature of key `{}`", self.name)));
        }
        let signature = BASE64.encode(&[&self.id()[..], signature].concat());
        Ok(format!("{text}\n\u{2014} {} {signature}\n", self.name))
    }

    fn signed(&self, text: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.key).verify(text.as_bytes(), signature).is_ok()
    }

    /// What a note says, if this key signed it.
    pub fn open(&self, note: &str) -> Option<Checkpoint> {
        let (text, signatures) = note.rsplit_once("\n\n")?;
        let text = format!("{text}\n");
        let ours = format!("\u{2014} {} ", self.name);
        let mut given = signatures.lines().filter_map(|line| BASE64.decode(line.strip_prefix(&ours)?.as_bytes()).ok());
        given.any(|signature| signature.len() == 68 && signature[..4] == self.id() && self.signed(&text, &signature[4..])).then_some(())?;
        Checkpoint::of(&text)
    }
}

impl std::fmt::Display for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = BASE64.encode(&[&[ED25519_KEY][..], &self.key].concat());
        write!(f, "{}+{}+{key}", self.name, data_encoding::HEXLOWER.encode(&self.id()))
    }
}

impl std::str::FromStr for Verifier {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no verifier key (name+hash+key)");
        let mut parts = text.trim().splitn(3, '+');
        let (name, id, key) = (parts.next().ok_or_else(wrong)?, parts.next().ok_or_else(wrong)?, parts.next().ok_or_else(wrong)?);
        let key = BASE64.decode(key.as_bytes()).map_err(|_| wrong())?;
        let key: [u8; 32] = key.strip_prefix(&[ED25519_KEY]).and_then(|key| key.try_into().ok()).ok_or_else(wrong)?;
        let verifier = Self::new(name, key);
        (data_encoding::HEXLOWER.encode(&verifier.id()) == id).then_some(verifier).ok_or_else(wrong)
    }
}

/// Who signs checkpoints.
pub enum Signer {
    /// A key in a file.
    Key(Box<Ed25519KeyPair>, Verifier),
    /// A command, such as one that asks a key management service: it reads the text and writes the signature as base64.
    Command(Vec<String>, Verifier),
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.verifier())
    }
}

impl Signer {
    /// The signer of a secret seed.
    ///
    /// # Errors
    /// If the seed is none.
    pub fn of_seed(name: &str, seed: &[u8]) -> Result<Self, LedgerError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| LedgerError::Signer("the key has not 32 bytes".into()))?;
        let public: [u8; 32] = pair.public_key().as_ref().try_into().expect("an Ed25519 key has 32 bytes");
        Ok(Signer::Key(Box::new(pair), Verifier::new(name, public)))
    }

    /// The key that its signatures are checked with.
    pub fn verifier(&self) -> &Verifier {
        match self {
            Signer::Key(_, verifier) | Signer::Command(_, verifier) => verifier,
        }
    }

    /// The signed note of a checkpoint. A signature that does not fit its key is refused before anything is kept.
    ///
    /// # Errors
    /// If the command fails, or its signature is not the key's.
    pub fn sign(&self, checkpoint: &Checkpoint) -> Result<String, LedgerError> {
        let text = checkpoint.text();
        match self {
            Signer::Key(pair, verifier) => verifier.note(&text, pair.sign(text.as_bytes()).as_ref()),
            Signer::Command(command, verifier) => verifier.note(&text, &super::command::signature(command, &text)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_opens_with_its_key_and_with_no_other_and_not_when_a_byte_is_flipped() {
        let signer = Signer::of_seed("example.org/assize", &[7; 32]).unwrap();
        let checkpoint = Checkpoint { origin: "example.org/assize/1".into(), size: 12, root: [9; 32] };
        let note = signer.sign(&checkpoint).unwrap();
        let verifier: Verifier = signer.verifier().to_string().parse().unwrap();
        assert_eq!(verifier.open(&note), Some(checkpoint));
        assert_eq!(Signer::of_seed("example.org/assize", &[8; 32]).unwrap().verifier().open(&note), None);
        for at in 0..note.find("\n\n").unwrap() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(altered) = String::from_utf8(bytes) {
                assert_eq!(verifier.open(&altered), None, "byte {at}");
            }
        }
    }

    #[test]
    fn a_command_signs_and_one_that_signs_wrongly_is_refused() {
        let verifier = Signer::of_seed("k", &[7; 32]).unwrap().verifier().clone();
        let checkpoint = Checkpoint { origin: "o".into(), size: 1, root: [1; 32] };
        let wrong = Signer::Command(vec!["sh".into(), "-c".into(), "cat >/dev/null; echo AAAA".into()], verifier.clone());
        assert!(matches!(wrong.sign(&checkpoint), Err(LedgerError::Signer(_))));
        let none = Signer::Command(vec!["assize-no-such-program".into()], verifier);
        assert!(none.sign(&checkpoint).unwrap_err().to_string().contains("assize-no-such-program"));
    }
}
