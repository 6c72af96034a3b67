//! Selections by name: exact names or globs, never regular expressions.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::Wrong;

/// Names, each exact or a glob in which `*` also crosses `/` and `:`; none listed means everything.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    listed: Vec<String>,
    compiled: GlobSet,
}

impl Globs {
    /// Reads a list; `key` is where it is written.
    ///
    /// # Errors
    /// If an entry is empty, breaks a line, has an outer blank, or is no glob.
    pub fn new(key: &'static str, listed: &[String]) -> Result<Self, Wrong> {
        let mut builder = GlobSetBuilder::new();
        for one in listed {
            // It must also be the value of an OSCAL property, which is one line without outer blanks.
            if one.is_empty()
                || one.trim() != one
                || one.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}'))
            {
                let what = format!("`{}` is empty, has an outer blank or breaks a line", one.escape_debug());
                return Err(Wrong::new(key, what, "write a name or a glob such as `prod-*`"));
            }
            let glob = GlobBuilder::new(one).literal_separator(false).build();
            builder.add(glob.map_err(|error| {
                Wrong::new(key, format!("`{one}` is no glob: {}", error.kind()), "write a name or a glob such as `prod-*`")
            })?);
        }
        let compiled =
            builder.build().map_err(|error| Wrong::new(key, format!("the globs are too large: {error}"), "write fewer of them"))?;
        Ok(Self { listed: listed.to_vec(), compiled })
    }

    /// Whether a name is meant.
    pub fn cover(&self, name: &str) -> bool {
        self.listed.is_empty() || self.compiled.is_match(name)
    }

    /// The entries, as they were written.
    pub fn listed(&self) -> &[String] {
        &self.listed
    }
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.listed == other.listed
    }
}

impl Eq for Globs {}
