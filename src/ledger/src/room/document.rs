//! Documents by content: stored once however often they are met, and never believed without their hash.

use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::log::merkle::Hash;
use crate::store::Value;
use crate::{Ledger, LedgerError, Tx};

/// The most that is ever unpacked: larger documents are refused when they are put.
const LARGEST: u64 = 1 << 30;

/// zstd's default: most of the saving at a speed that never waits for a cloud.
const LEVEL: i32 = 3;

/// A hash as people write it.
pub fn hex(hash: &Hash) -> String {
    data_encoding::HEXLOWER.encode(hash)
}

/// A document that is ready to be stored: packed, so that the ledger is not held while packing.
#[derive(Clone, Debug)]
pub struct Packed {
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    size: usize,
    content: Vec<u8>,
}

impl Packed {
    /// Packs a document.
    ///
    /// # Errors
    /// If it is larger than is ever read back.
    pub fn new(bytes: &[u8]) -> Result<Self, LedgerError> {
        Self::hashed(Sha256::digest(bytes).into(), bytes)
    }

    /// The same where the hash is known already.
    ///
    /// # Errors
    /// As [`Packed::new`].
    pub fn hashed(sha256: Hash, bytes: &[u8]) -> Result<Self, LedgerError> {
        if bytes.len() as u64 > LARGEST {
            return Err(LedgerError::TooLarge { size: bytes.len() });
        }
        let content = zstd::bulk::compress(bytes, LEVEL).map_err(io)?;
        Ok(Self { sha256, size: bytes.len(), content })
    }

    /// Packs a file while it is read: a large one needs no memory of its size.
    ///
    /// # Errors
    /// If it cannot be read, or is larger than is ever read back.
    pub fn file(path: &Path) -> Result<Self, LedgerError> {
        let told = |error: std::io::Error| LedgerError::Open { place: path.display().to_string(), source: error.into() };
        let mut file = std::fs::File::open(path).map_err(told)?;
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), LEVEL).map_err(told)?;
        let (mut digest, mut size, mut block) = (Sha256::new(), 0usize, vec![0; 1 << 16]);
        loop {
            let read = file.read(&mut block).map_err(told)?;
            if read == 0 {
                break;
            }
            size += read;
            if size as u64 > LARGEST {
                return Err(LedgerError::TooLarge { size });
            }
            digest.update(&block[..read]);
            std::io::Write::write_all(&mut encoder, &block[..read]).map_err(told)?;
        }
        Ok(Self { sha256: digest.finalize().into(), size, content: encoder.finish().map_err(told)? })
    }

    /// How many bytes it takes in the record.
    pub fn stored(&self) -> usize {
        self.content.len()
    }
}

fn io(error: std::io::Error) -> LedgerError {
    LedgerError::Altered { what: format!("a document cannot be packed or unpacked: {error}") }
}

impl Tx<'_> {
    /// Stores a document, once however often it is put.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put_document(&mut self, document: &Packed) -> Result<(), LedgerError> {
        let row = [Value::Blob(&document.sha256), Value::Int(document.size as i64), Value::Blob(&document.content)];
        self.put("INSERT INTO document (sha256, size, content) VALUES (?1, ?2, ?3) ON CONFLICT (sha256) DO NOTHING", &row)
    }
}

impl Ledger {
    /// The bytes of a document, if it is stored.
    ///
    /// # Errors
    /// If the record cannot be read, or what is stored does not have its own hash.
    pub fn document(&mut self, sha256: &Hash) -> Result<Option<Vec<u8>>, LedgerError> {
        let rows = self.store.query("SELECT size, content FROM document WHERE sha256 = ?1", &[Value::Blob(sha256)])?;
        rows.first().map(|row| unpack(sha256, row.count(0)?, &row.blob(1)?)).transpose()
    }

    /// How many documents are stored.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn count_documents(&mut self) -> Result<u64, LedgerError> {
        self.store.query("SELECT count(*) FROM document", &[])?.first().map_or(Ok(0), |row| row.count(0))
    }
}

/// What is packed, if it is what it should be. It never unpacks to more than it says that it is.
pub(crate) fn unpack(sha256: &Hash, size: u64, content: &[u8]) -> Result<Vec<u8>, LedgerError> {
    let damaged = || LedgerError::Altered { what: format!("document {} does not have its own hash", hex(sha256)) };
    if size > LARGEST {
        return Err(damaged());
    }
    let mut bytes = Vec::new();
    let decoder = zstd::stream::Decoder::with_buffer(content).map_err(|_| damaged())?;
    decoder.take(size + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
    (bytes.len() as u64 == size && Hash::from(Sha256::digest(&bytes)) == *sha256).then_some(bytes).ok_or_else(damaged)
}
