//! Reads a recording back, as the provider that it stands for.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::manifest::FORMAT;
use super::write::{hex, io};
use super::{Manifest, Outcome, RecordedFile, SnapshotError};
use crate::{CollectError, Future, Gap, Item, Kind, Provider, Recorded, Sink, Want};

/// No resource of ours comes near this; a longer line is a hostile or broken file. In bytes.
const LINE_LIMIT: u64 = 16 * 1024 * 1024;

/// A recording on disk that answers like the provider it was made with.
#[derive(Debug)]
pub struct Snapshot {
    folder: PathBuf,
    manifest: Manifest,
    kinds: Vec<Kind>,
}

impl Snapshot {
    /// Opens the recording in `folder`; `kinds` are those of the provider it was made with.
    ///
    /// # Errors
    /// If there is no recording, or a newer program made it.
    pub fn open(folder: &Path, kinds: &[Kind]) -> Result<Self, SnapshotError> {
        let path = folder.join("manifest.json");
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(SnapshotError::Missing(folder.to_owned())),
            Err(error) => return Err(io("read", &path)(error)),
        };
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|source| SnapshotError::Malformed {
            path: path.clone(),
            line: source.line() as u64,
            source,
        })?;
        match manifest.format {
            FORMAT => {}
            found => return Err(SnapshotError::Format { path, found, known: FORMAT }),
        }
        let kinds = kinds.iter().filter(|kind| kind.id.provider() == manifest.provider).cloned().collect();
        Ok(Self { folder: folder.to_owned(), manifest, kinds })
    }

    /// Every recording in `folder`: itself, or its direct subfolders, in the order of their names.
    ///
    /// # Errors
    /// If there is none, or one cannot be opened.
    pub fn open_all(folder: &Path, kinds: &[Kind]) -> Result<Vec<Self>, SnapshotError> {
        if folder.join("manifest.json").exists() {
            return Ok(vec![Self::open(folder, kinds)?]);
        }
        let entries = std::fs::read_dir(folder).map_err(io("read", folder))?;
        let found: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
        let mut found = found.map_err(io("read", folder))?;
        found.retain(|path| path.join("manifest.json").exists());
        found.sort();
        match found.is_empty() {
            true => Err(SnapshotError::Missing(folder.to_owned())),
            false => found.iter().map(|path| Self::open(path, kinds)).collect(),
        }
    }

    /// What the recording says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    async fn send_wanted(&self, want: &Want, sink: &Sink) -> Result<(), CollectError> {
        let listings: Vec<_> = self.manifest.listings.iter().filter(|listing| listing.kind == want.kind).collect();
        if listings.is_empty() {
            let gap =
                Gap::new("snapshot:Read", "NotRecorded").with_detail("the recording was made before this kind was known; record it again");
            return send(sink, Item::Gap { kind: want.kind.clone(), scope: self.manifest.scope.clone(), gap }).await;
        }
        if let Some(file) = self.manifest.files.get(&want.kind) {
            self.send_file(file, want, sink).await?;
        }
        for listing in listings {
            let (kind, scope) = (listing.kind.clone(), listing.scope.clone());
            let item = match &listing.outcome {
                Outcome::Count(count) => Item::Listed { kind, scope, count: *count },
                Outcome::Gap(gap) => Item::Gap { kind, scope, gap: gap.clone() },
            };
            send(sink, item).await?;
        }
        Ok(())
    }

    async fn send_file(&self, file: &RecordedFile, want: &Want, sink: &Sink) -> Result<(), CollectError> {
        // The name comes from a file: it must not lead out of the folder.
        let plain = Path::new(&file.name).file_name().is_some_and(|name| name == file.name.as_str());
        let path = self.folder.join(&file.name);
        if !plain {
            return Err(damaged(SnapshotError::Mismatch { path, why: "a file name with a folder in it".into() }));
        }
        verify(&path, &file.sha256).map_err(damaged)?;
        let mut lines = Lines::open(&path).map_err(damaged)?;
        while let Some(resource) = lines.next().map_err(damaged)? {
            let kind = &resource.head().kind;
            if *kind != want.kind {
                return Err(damaged(SnapshotError::Mismatch { path, why: format!("line {} holds a `{kind}`", lines.line) }));
            }
            send(sink, Item::Recorded(resource)).await?;
        }
        match lines.line == file.resources {
            true => Ok(()),
            false => Err(damaged(SnapshotError::Mismatch { path, why: format!("{} resources, not {}", lines.line, file.resources) })),
        }
    }
}

impl Provider for Snapshot {
    fn name(&self) -> &str {
        &self.manifest.provider
    }

    fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    fn collect<'a>(&'a self, wants: &'a [Want], sink: Sink) -> Future<'a, Result<(), CollectError>> {
        Box::pin(async move {
            for want in wants {
                self.send_wanted(want, &sink).await?;
            }
            Ok(())
        })
    }
}

async fn send(sink: &Sink, item: Item) -> Result<(), CollectError> {
    sink.send(item).await.map_err(|_| CollectError::Stopped)
}

fn damaged(error: SnapshotError) -> CollectError {
    CollectError::Damaged { what: "the recording".into(), source: Box::new(error) }
}

fn verify(path: &Path, expected: &str) -> Result<(), SnapshotError> {
    let mut file = File::open(path).map_err(io("read", path))?;
    let mut digest = Sha256::new();
    let mut block = vec![0; 64 * 1024];
    loop {
        match file.read(&mut block).map_err(io("read", path))? {
            0 => break,
            read => digest.update(&block[..read]),
        }
    }
    match hex(&digest.finalize()) == expected {
        true => Ok(()),
        false => Err(SnapshotError::Mismatch { path: path.to_owned(), why: "its SHA-256 differs".into() }),
    }
}

struct Lines {
    path: Arc<Path>,
    line: u64,
    reader: BufReader<zstd::Decoder<'static, BufReader<File>>>,
    text: Vec<u8>,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, SnapshotError> {
        let file = File::open(path).map_err(io("read", path))?;
        let mut decoder = zstd::Decoder::new(file).map_err(io("read", path))?;
        // 2^27 bytes is zstd's own default limit; said here because recordings come from elsewhere.
        decoder.window_log_max(27).map_err(io("read", path))?;
        Ok(Self { path: path.into(), line: 0, reader: BufReader::new(decoder), text: Vec::new() })
    }

    fn next(&mut self) -> Result<Option<Recorded>, SnapshotError> {
        self.text.clear();
        let read = (&mut self.reader).take(LINE_LIMIT).read_until(b'\n', &mut self.text).map_err(io("read", &self.path))?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        Recorded::parse(&self.text, &self.path, self.line).map(Some)
    }
}
