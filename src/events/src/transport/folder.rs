//! A folder that somebody writes a log into, or keeps in step with a store: a source that can be read again.
//!
//! That nothing is there proves nothing: whoever fills the folder may have stopped. So a window is only complete when something newer
//! than its end has arrived, be it an event or a file; until then it is a gap, and the watermark waits.

use std::path::{Path, PathBuf};

use inventory::{Future, Gap, Scope};
use jiff::Timestamp;

use super::{Format, LastLine, Place, TransportError, read_file};
use crate::{Event, EventSource, MOST_EVENTS, Reading, Window, covers};

/// How deep folders in folders are looked into: stores have one for each year, month, day and region.
const DEEPEST: usize = 12;

/// The endings of files that hold records; others are left alone.
const ENDINGS: &[&str] = &[".json", ".jsonl", ".ndjson", ".log", ".json.gz", ".jsonl.gz", ".ndjson.gz", ".log.gz"];

/// A folder of files, or one file and those that it was rotated into.
#[derive(Clone, Debug)]
pub struct Folder {
    format: Format,
    path: PathBuf,
    scopes: Vec<Scope>,
}

/// A file and when it was last written.
struct Found {
    path: PathBuf,
    written: Timestamp,
}

/// What the files of a window hold.
struct Read<'a> {
    scope: &'a Scope,
    window: &'a Window,
    events: Vec<Event>,
    newest: Option<Timestamp>,
    too_many: bool,
}

impl Folder {
    /// The log in `path`: a folder, or a file whose rotated predecessors have its name and more (`audit.log`, `audit-2027-….log`).
    pub fn new(format: Format, path: impl Into<PathBuf>, scopes: Vec<Scope>) -> Self {
        Self { format, path: path.into(), scopes }
    }

    /// Reads a window; the plain function behind [`EventSource::read`].
    pub fn read_window(&self, scope: &Scope, window: &Window) -> Reading {
        let mut read = Read { scope, window, events: Vec::new(), newest: None, too_many: false };
        match self.read_files(&mut read) {
            Err(error) => Reading::broken(read.events, error.to_gap(self.format.source)),
            Ok(()) if read.too_many => Reading::broken(read.events, Reading::too_many(&self.action())),
            Ok(()) if read.newest.is_none_or(|newest| newest < window.span.to) => {
                let gap = Gap::new(self.action(), "Silent").with_detail(format!(
                    "nothing newer than {} has arrived in `{}`; whoever writes there may have stopped",
                    window.span.to,
                    self.path.display()
                ));
                Reading::broken(read.events, gap)
            }
            Ok(()) => Reading::complete(read.events),
        }
    }

    fn action(&self) -> String {
        format!("{}:Read", self.format.source)
    }

    fn read_files(&self, read: &mut Read) -> Result<(), TransportError> {
        let mut files = Vec::new();
        self.find(&mut files)?;
        files.sort_by(|a, b| (a.written, &a.path).cmp(&(b.written, &b.path)));
        for file in files {
            // Whatever is in a file happened before it was last written.
            if file.written < read.window.span.from {
                continue;
            }
            read.newest = read.newest.max(Some(file.written));
            // A line without an end in a file that nobody has touched since the window is over will not get one any more.
            let last = if file.written >= read.window.span.to { LastLine::MayBeCut } else { LastLine::MustEnd };
            let mut take = |event: Event| read.take(event);
            read_file(&self.format, &self.home(), &file.path, last, &mut take)?;
        }
        Ok(())
    }

    /// Where records are from that do not say it themselves.
    fn home(&self) -> Scope {
        self.scopes.first().cloned().unwrap_or_else(|| Scope::account("unknown", "unknown"))
    }

    fn find(&self, files: &mut Vec<Found>) -> Result<(), TransportError> {
        let failed = |source| TransportError::Read { place: Place::Record(self.path.clone(), 0), source };
        if std::fs::metadata(&self.path).map_err(failed)?.is_dir() {
            return gather(&self.path, 0, &|_| true, files);
        }
        let (Some(folder), Some(stem)) = (self.path.parent(), self.path.file_stem().map(|stem| stem.to_string_lossy().into_owned())) else {
            return Ok(());
        };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        // Rotated files keep the stem; they lie beside the one that is written.
        gather(folder, DEEPEST, &|name| name.starts_with(&stem), files)
    }
}

impl EventSource for Folder {
    fn name(&self) -> &str {
        self.format.source
    }

    fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    fn read<'a>(&'a self, scope: &'a Scope, window: &'a Window) -> Future<'a, Reading> {
        Box::pin(std::future::ready(self.read_window(scope, window)))
    }
}

impl Read<'_> {
    /// Keeps what is in the window and the scope; says whether there is room for more.
    fn take(&mut self, event: Event) -> bool {
        self.newest = self.newest.max(Some(event.at));
        if self.window.span.holds(event.at) && covers(self.scope, &event.scope) {
            self.too_many = self.events.len() >= MOST_EVENTS;
            if !self.too_many {
                self.events.push(event);
            }
        }
        !self.too_many
    }
}

fn gather(folder: &Path, depth: usize, wanted: &dyn Fn(&str) -> bool, files: &mut Vec<Found>) -> Result<(), TransportError> {
    let failed = |source| TransportError::Read { place: Place::Record(folder.to_owned(), 0), source };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
        let name = entry.file_name().to_string_lossy().into_owned();
        // Links are not followed: they could lead round, or out of the folder.
        if kind.is_dir() && depth < DEEPEST {
            gather(&path, depth + 1, wanted, files)?;
        } else if kind.is_file() && wanted(&name) && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            let written = entry.metadata().and_then(|data| data.modified()).map_err(failed)?;
            let written = Timestamp::try_from(written).map_err(|error| failed(std::io::Error::other(error)))?;
            files.push(Found { path, written });
        }
    }
    Ok(())
}
