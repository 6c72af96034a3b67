//! The licence text that lies beside catalogs.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use oscal::MarkupLine;

use crate::diagnostic::Report;
use crate::yaml::LARGEST;

/// The licence text that lies beside the catalogs.
pub(crate) struct Licence {
    pub(crate) name: String,
    pub(crate) title: MarkupLine,
    pub(crate) text: Vec<u8>,
}

/// The licence beside the catalogs: in their folder, or above it where that is CCC's folder `catalogs`.
pub(super) fn licence(root: &Path, report: &Report) -> Option<Licence> {
    let folder = if root.is_file() { root.parent()?.to_owned() } else { root.to_owned() };
    let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    let above = folder.canonicalize().ok().filter(|path| path.ends_with("catalogs")).and_then(|path| path.parent().map(Path::to_owned));
    let candidates = [Some(folder), above].into_iter().flatten();
    let files = candidates.flat_map(|folder| ["LICENSE", "LICENSE.md", "LICENSE.txt"].map(|name| (folder.join(name), name)));
    let (path, name) = files.into_iter().find(|(path, _)| path.is_file())?;
    let mut text = Vec::new();
    let read = fs::File::open(&path).and_then(|file| file.take(LARGEST).read_to_end(&mut text));
    if let Err(error) = read {
        report.error(&path.display().to_string(), None, format!("the file cannot be read: {error}"));
        return None;
    }
    let first =
        String::from_utf8_lossy(&text).lines().map(|line| line.trim_matches(['#', ' ', '\t']).to_owned()).find(|line| !line.is_empty());
    Some(Licence { name: name.to_owned(), title: MarkupLine::fitted(&first?)?, text })
}
