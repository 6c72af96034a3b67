//! Finds the catalogs below a folder: CCC's folders of files, and single files that hold a whole catalog.

mod licence;
mod parts;
mod single;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use oscal::Text;

use crate::diagnostic::Report;
use crate::source::{Catalog, Group};
use crate::yaml::{LARGEST, Node, parse};
use licence::licence;
use parts::catalog_folder;
use single::file;

pub(crate) use licence::Licence;

/// How deep folders are searched.
const DEEPEST: usize = 8;

/// Everything there is below a folder.
pub(crate) struct Found {
    pub(crate) catalogs: Vec<Catalog>,
    /// Groups that every catalog may use, defined once for all of them.
    pub(crate) groups: Vec<Group>,
    /// The titles of the categories that catalogs name.
    pub(crate) categories: Vec<(Text, Text)>,
    pub(crate) licence: Option<Licence>,
}

/// Reads everything below `dir`, or the one file that it is.
pub(crate) fn find(dir: &Path, report: &Report) -> Found {
    let mut found = Found { catalogs: Vec::new(), groups: Vec::new(), categories: Vec::new(), licence: None };
    let root = if dir.join("catalogs").is_dir() { dir.join("catalogs") } else { dir.to_owned() };
    found.licence = licence(&root, report);
    if root.is_file() {
        file(&root, &mut found, report);
    } else {
        folder(&root, 0, &mut found, report);
    }
    if found.catalogs.is_empty() && report.is_clean() {
        report.error(&dir.display().to_string(), None, "no Gemara control catalog is here; name the folder of the catalogs, or one file");
    } else if found.licence.is_none() {
        let message = "no file LICENSE lies beside the catalogs; add it, so that the terms travel with what is made of them";
        report.warn(&dir.display().to_string(), None, message);
    }
    found
}

/// What lies in a folder, in order of name; links are not followed, what is hidden is not read.
fn entries(path: &Path, report: &Report) -> Vec<(PathBuf, fs::FileType)> {
    let listed = fs::read_dir(path).and_then(|entries| {
        let kinds = entries.map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))));
        kinds.collect::<Result<Vec<_>, _>>()
    });
    let mut entries = listed.unwrap_or_else(|error| {
        report.error(&path.display().to_string(), None, format!("the folder cannot be read: {error}"));
        Vec::new()
    });
    entries.retain(|(path, _)| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn folder(path: &Path, depth: usize, found: &mut Found, report: &Report) {
    if depth > DEEPEST {
        report.error(&path.display().to_string(), None, format!("folders lie in each other more than {DEEPEST} deep"));
        return;
    }
    let entries = entries(path, report);
    if entries.iter().any(|(path, kind)| kind.is_file() && path.file_name().is_some_and(|name| name == "metadata.yaml")) {
        catalog_folder(path, &entries, found, report);
        return;
    }
    for (path, kind) in entries {
        if kind.is_dir() {
            folder(&path, depth + 1, found, report);
        } else if kind.is_file() && is_yaml(&path) {
            file(&path, found, report);
        }
    }
}

/// The tree of a file; none after an error was told.
fn tree(path: &Path, report: &Report) -> Option<Node> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        report.error(&shown, None, format!("the file cannot be read: {error}"));
        return None;
    }
    if bytes.len() as u64 > LARGEST {
        report.error(&shown, None, format!("the file is larger than {} MiB, which no catalog is", LARGEST >> 20));
        return None;
    }
    let Ok(text) = String::from_utf8(bytes) else {
        report.error(&shown, None, "the file is not UTF-8 text");
        return None;
    };
    let text = text.trim_start_matches('\u{feff}');
    parse(text).map_err(|error| report.error(&shown, Some(error.line), error.message)).ok()
}
