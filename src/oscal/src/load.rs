//! Opens what documents refer to, safely: regular files under folders that were allowed, documents at hosts that were, and nothing else.
//!
//! A profile is somebody else's text. An import in it can name `/etc/shadow`, a device that never ends, a link out of the folder, or
//! the metadata service of the machine's cloud; none of these is opened, and the error says what would allow an honest one.

mod remote;

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub use remote::{Fetch, Reply, forbidden};

use crate::{Document, ReadError, Source, read_named};

/// Opens documents below its roots.
///
/// ```
/// use oscal::Loader;
///
/// let folder = std::env::temp_dir();
/// let loader = Loader::new(&folder)?;
/// let error = loader.document("../etc/passwd").unwrap_err();
/// assert!(error.what.contains("outside the allowed folders") || error.what.contains("cannot be read"));
/// let error = loader.document("https://example.org/catalog.json").unwrap_err();
/// assert!(error.what.contains("nothing is fetched"));
/// # Ok::<(), oscal::ReadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Loader {
    base: PathBuf,
    roots: Vec<PathBuf>,
    remote: Option<remote::Remote>,
}

impl Loader {
    /// A loader for references relative to `base`, which is a root itself.
    ///
    /// # Errors
    /// If `base` is not a folder that can be found.
    pub fn new(base: &Path) -> Result<Self, ReadError> {
        let mut loader =
            Self { base: if base.as_os_str().is_empty() { PathBuf::from(".") } else { base.to_owned() }, roots: Vec::new(), remote: None };
        let base = loader.base.clone();
        loader.allow(&base)?;
        Ok(loader)
    }

    /// Allows what lies under another folder.
    ///
    /// # Errors
    /// If it is not a folder that can be found.
    pub fn allow(&mut self, root: &Path) -> Result<(), ReadError> {
        let refused = |what: String| refusal(&root.display().to_string(), what, "name a folder that is there".into());
        let root = root.canonicalize().map_err(|error| refused(format!("cannot be found: {error}")))?;
        match root.is_dir() {
            true => self.roots.push(root),
            false => return Err(refused("is no folder".into())),
        }
        Ok(())
    }

    /// Allows what lies at these hosts (`example.org`, `internal.example:8443`), over `https` and by way of `fetch`.
    pub fn allow_hosts(&mut self, hosts: Vec<String>, fetch: Arc<dyn Fetch>) {
        self.remote = (!hosts.is_empty()).then_some(remote::Remote { hosts, fetch });
    }

    /// Opens a document: a path relative to the base, or an absolute one, or a `file:` address, or an `https` address of an allowed host.
    ///
    /// # Errors
    /// If it lies outside the roots, is no regular file, is too large, or is no OSCAL document.
    pub fn document(&self, place: &str) -> Result<Document, ReadError> {
        self.source(place)?.document()
    }

    /// Opens the bytes of a document; its ending tells the format, or else they do.
    ///
    /// # Errors
    /// If it lies outside the roots, is no regular file, is too large, or is not of the format.
    pub fn source(&self, place: &str) -> Result<Source, ReadError> {
        if let Some(remote) = self.remote.as_ref().filter(|_| is_remote(place)) {
            let bytes = remote.bytes(place)?;
            return Source::named(bytes, place);
        }
        let path = self.path(place)?;
        let unread =
            |error: std::io::Error| refusal(place, format!("cannot be read: {error}"), "see that the file exists and may be read".into());
        let file = std::fs::File::open(&path).map_err(unread)?;
        read_named(file, place)
    }

    /// The real path of an allowed regular file.
    fn path(&self, place: &str) -> Result<PathBuf, ReadError> {
        let written = match place.split_once(':') {
            Some(("file", rest)) => local(place, rest)?,
            Some((scheme, _)) if is_scheme(scheme) => {
                let fix =
                    "copy the document beside this one and import the copy, or fetch it with `assize oscal resolve --allow-host HOST`";
                return Err(refusal(place, format!("is at an address of `{scheme}:`, and nothing is fetched"), fix.into()));
            }
            _ => PathBuf::from(place),
        };
        // Looked at before the file system is: what lies outside must not even be asked for.
        let path = if written.is_absolute() { written } else { self.base.join(written) };
        let real = path.canonicalize().map_err(|error| {
            let what = if self.may_lie_at(&path) { format!("cannot be read: {error}") } else { "lies outside the allowed folders".into() };
            refusal(place, what, "see that the file exists and may be read".into())
        })?;
        if !self.roots.iter().any(|root| real.starts_with(root)) {
            let folder = real.parent().unwrap_or(Path::new("/")).display().to_string();
            return Err(refusal(place, "lies outside the allowed folders".into(), format!("allow `{folder}` if it is to be trusted")));
        }
        match real.metadata() {
            Ok(metadata) if metadata.is_file() => Ok(real),
            _ => Err(refusal(place, "is no regular file".into(), "name a file".into())),
        }
    }

    /// Whether a path is below a root by its words alone.
    fn may_lie_at(&self, path: &Path) -> bool {
        let mut plain = PathBuf::new();
        for part in path.components() {
            match part {
                Component::ParentDir => drop(plain.pop()),
                Component::CurDir => {}
                other => plain.push(other),
            }
        }
        plain.is_relative() || self.roots.iter().any(|root| plain.starts_with(root)) || plain.starts_with(&self.base)
    }
}

/// An address of some scheme that is not `file:`.
fn is_remote(place: &str) -> bool {
    place.split_once(':').is_some_and(|(scheme, _)| scheme != "file" && is_scheme(scheme))
}

/// One letter is a drive of Windows, not a scheme.
fn is_scheme(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// The path of `file:///path` or `file:path`; other machines are not asked.
fn local(place: &str, rest: &str) -> Result<PathBuf, ReadError> {
    match rest.strip_prefix("//") {
        None => Ok(PathBuf::from(rest)),
        Some(path) if path.starts_with('/') => Ok(PathBuf::from(path)),
        Some(_) => Err(refusal(place, "is on another machine".into(), "copy the document beside this one".into())),
    }
}

fn refusal(origin: &str, what: String, fix: String) -> ReadError {
    ReadError { origin: origin.to_owned(), line: 0, column: 0, pointer: String::new(), what, fix }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = r#"{"catalog": {"uuid": "4efc5577-4fec-5b39-aa74-9d40ac618c14", "metadata": {"title": "T",
        "last-modified": "2026-11-23T06:00:07Z", "version": "1", "oscal-version": "1.2.3"}}}"#;

    fn folders() -> (tempfile::TempDir, Loader) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["inside", "outside"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
            std::fs::write(folder.path().join(name).join("c.json"), CATALOG).unwrap();
        }
        let loader = Loader::new(&folder.path().join("inside")).unwrap();
        (folder, loader)
    }

    #[test]
    fn files_under_the_roots_are_opened_however_they_are_named() {
        let (folder, mut loader) = folders();
        let absolute = folder.path().join("inside/c.json").display().to_string();
        for place in ["c.json", "./c.json", "../inside/c.json", &absolute, &format!("file://{absolute}"), &format!("file:{absolute}")] {
            assert!(loader.document(place).is_ok(), "{place}: {:?}", loader.document(place));
        }
        assert!(loader.document("../outside/c.json").is_err());
        loader.allow(&folder.path().join("outside")).unwrap();
        assert!(loader.document("../outside/c.json").is_ok());
    }

    #[test]
    fn nothing_else_is_opened_and_the_error_says_why() {
        let (folder, loader) = folders();
        let outside = folder.path().join("outside/c.json").display().to_string();
        for (place, what) in [
            ("../outside/c.json", "outside the allowed folders"),
            (outside.as_str(), "outside the allowed folders"),
            (&format!("file://{outside}"), "outside the allowed folders"),
            ("/etc/passwd", "outside the allowed folders"),
            ("/no/such/file", "outside the allowed folders"),
            ("../../../../../../etc/passwd", "outside the allowed folders"),
            ("http://169.254.169.254/latest/meta-data/", "nothing is fetched"),
            ("https://example.org/c.json", "nothing is fetched"),
            ("ftp://example.org/c.json", "nothing is fetched"),
            ("file://server/share/c.json", "on another machine"),
            ("missing.json", "cannot be read"),
            (".", "no regular file"),
        ] {
            let error = loader.document(place).expect_err(place);
            assert!(error.what.contains(what), "{place}: {error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_lead_nowhere() {
        let (folder, loader) = folders();
        std::os::unix::fs::symlink(folder.path().join("outside/c.json"), folder.path().join("inside/link.json")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("inside/zero.json")).unwrap();
        assert!(loader.document("link.json").unwrap_err().what.contains("outside"));
        assert!(loader.document("zero.json").unwrap_err().what.contains("outside"));
    }
}
