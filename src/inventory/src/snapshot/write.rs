//! Writes a recording as it streams in; nothing but the current line is held.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::manifest::FORMAT;
use super::{Listing, Manifest, Outcome, RecordedFile, SnapshotError};
use crate::{Item, KindId, Resource, Scope};

/// zstd's level: recordings are written once and read often.
const LEVEL: i32 = 12;

/// A recording in the making. It becomes one only with [`SnapshotWriter::finish`].
pub struct SnapshotWriter {
    folder: PathBuf,
    scope: Scope,
    started: Timestamp,
    listings: Vec<Listing>,
    open: BTreeMap<KindId, Lines>,
}

struct Lines {
    path: PathBuf,
    resources: u64,
    encoder: zstd::Encoder<'static, Hashing>,
}

/// A file that knows the hash of what was written to it.
struct Hashing {
    file: BufWriter<File>,
    digest: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl SnapshotWriter {
    /// Starts a recording of `scope` in `folder`, which is created.
    ///
    /// # Errors
    /// If the folder cannot be made, or already holds a recording.
    pub fn create(folder: &Path, scope: Scope, started: Timestamp) -> Result<Self, SnapshotError> {
        std::fs::create_dir_all(folder).map_err(io("write", folder))?;
        let manifest = folder.join("manifest.json");
        if manifest.exists() {
            return Err(SnapshotError::Mismatch { path: manifest, why: "there is a recording already; choose another folder".into() });
        }
        Ok(Self { folder: folder.to_owned(), scope, started, listings: Vec::new(), open: BTreeMap::new() })
    }

    /// Adds one item.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn push(&mut self, item: &Item) -> Result<(), SnapshotError> {
        match item {
            Item::Resource(resource) => self.write(resource)?,
            // Written anew, so that a recording holds canonical documents whatever it was made from.
            Item::Recorded(recorded) => self.write(&recorded.clone().open()?)?,
            Item::Listed { kind, scope, count } => self.list(kind, scope, Outcome::Count(*count)),
            Item::Gap { kind, scope, gap } => self.list(kind, scope, Outcome::Gap(gap.clone())),
        }
        Ok(())
    }

    /// Closes every file and writes the manifest, which makes the recording one.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn finish(mut self, finished: Timestamp) -> Result<Manifest, SnapshotError> {
        let mut files = BTreeMap::new();
        for (kind, lines) in std::mem::take(&mut self.open) {
            files.insert(kind, lines.close()?);
        }
        self.listings.sort_by(|a, b| (&a.kind, &a.scope).cmp(&(&b.kind, &b.scope)));
        let provider = self.scope.provider.clone();
        let manifest =
            Manifest { format: FORMAT, provider, scope: self.scope, started: self.started, finished, listings: self.listings, files };
        let path = self.folder.join("manifest.json");
        let partial = self.folder.join("manifest.json.partial");
        let mut text = serde_json::to_vec_pretty(&manifest).expect("a manifest is plain JSON");
        text.push(b'\n');
        std::fs::write(&partial, text).map_err(io("write", &partial))?;
        std::fs::rename(&partial, &path).map_err(io("write", &path))?;
        Ok(manifest)
    }

    fn write(&mut self, resource: &Resource) -> Result<(), SnapshotError> {
        let lines = self.lines(&resource.kind)?;
        let mut line = serde_json::to_vec(resource).expect("a resource is plain JSON");
        line.push(b'\n');
        lines.encoder.write_all(&line).map_err(io("write", &lines.path))?;
        lines.resources += 1;
        Ok(())
    }

    fn list(&mut self, kind: &KindId, scope: &Scope, outcome: Outcome) {
        self.listings.push(Listing { kind: kind.clone(), scope: scope.clone(), outcome });
    }

    fn lines(&mut self, kind: &KindId) -> Result<&mut Lines, SnapshotError> {
        match self.open.entry(kind.clone()) {
            std::collections::btree_map::Entry::Occupied(found) => Ok(found.into_mut()),
            std::collections::btree_map::Entry::Vacant(vacant) => {
                let path = self.folder.join(format!("{kind}.ndjson.zst"));
                Ok(vacant.insert(Lines::open(path)?))
            }
        }
    }
}

impl Lines {
    fn open(path: PathBuf) -> Result<Self, SnapshotError> {
        let file = File::create(&path).map_err(io("write", &path))?;
        let hashing = Hashing { file: BufWriter::new(file), digest: Sha256::new() };
        let encoder = zstd::Encoder::new(hashing, LEVEL).map_err(io("write", &path))?;
        Ok(Self { path, resources: 0, encoder })
    }

    fn close(self) -> Result<RecordedFile, SnapshotError> {
        let mut hashing = self.encoder.finish().map_err(io("write", &self.path))?;
        hashing.flush().map_err(io("write", &self.path))?;
        let name = self.path.file_name().expect("we named it").to_string_lossy().into_owned();
        Ok(RecordedFile { name, resources: self.resources, sha256: hex(&hashing.digest.finalize()) })
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> SnapshotError {
    let path = path.to_owned();
    move |source| SnapshotError::Io { doing, path, source }
}
