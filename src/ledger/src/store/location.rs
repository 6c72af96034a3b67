//! Where a record lies.

use std::path::PathBuf;

/// A SQLite file, or a PostgreSQL database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file; made where it is missing.
    File(PathBuf),
    /// A SQLite database that is gone when it is closed.
    Memory,
    /// A PostgreSQL database, 15 or later, by its `postgres://` URL.
    Postgres(String),
}

impl Location {
    /// What a flag or a setting means: a URL that begins with `postgres://` or `postgresql://` is one, anything else is a file.
    pub fn of(text: &str) -> Self {
        match text.starts_with("postgres://") || text.starts_with("postgresql://") {
            true => Location::Postgres(text.to_owned()),
            false => Location::File(text.into()),
        }
    }
}

impl std::fmt::Display for Location {
    /// Without the password that a URL may hold.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Location::File(path) => write!(f, "{}", path.display()),
            Location::Memory => write!(f, ":memory:"),
            Location::Postgres(url) => write!(f, "{}", without_password(url)),
        }
    }
}

/// A URL whose user part has lost what comes after its colon, and which has lost its query, where a password may also stand.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
    match rest.rsplit_once('@') {
        Some((user, place)) => format!("{scheme}://{}@{place}", user.split(':').next().unwrap_or(user)),
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for url in ["postgres://u:s3cret@db:5432/assize", "postgresql://u:s3@cret@db/assize?sslmode=require&password=s3cret"] {
            let shown = Location::of(url).to_string();
            assert!(!shown.contains("s3"), "{shown}");
            assert!(shown.contains("db"), "{shown}");
        }
    }
}
