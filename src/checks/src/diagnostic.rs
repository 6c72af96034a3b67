//! A person's file is wrong: where, what, and how to mend it.

/// One problem in one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, as the person named it.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub fix: String,
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}; {}", self.file, self.what, self.fix),
            _ => write!(f, "{}:{}:{}: {}; {}", self.file, self.line, self.column, self.what, self.fix),
        }
    }
}

/// The likeliest of `names` for a slip of the pen, as the fix of a diagnostic.
pub(crate) fn did_you_mean<'a>(written: &str, names: impl Iterator<Item = &'a str>, what: &str) -> String {
    let names: Vec<&str> = names.collect();
    let likeness = |name: &&str| strsim::jaro_winkler(&name.to_lowercase(), &written.to_lowercase());
    match names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))) {
        Some(best) if likeness(best) > 0.75 => format!("did you mean `{best}`?"),
        Some(_) if names.len() <= 12 => format!("{what}: {}", names.join(", ")),
        Some(_) | None => format!("see {what}"),
    }
}
