//! Our SQL as PostgreSQL reads it. Ours is what both have; the few words that differ are changed here.

/// Words of ours and what they are there. Text compares by bytes in both.
const WORDS: &[(&str, &str)] = &[("INTEGER", "BIGINT"), ("TEXT", "TEXT COLLATE \"C\""), ("BLOB", "BYTEA")];

/// A statement of ours in PostgreSQL's words: `?1` is `$1`, sorts of columns have other names, and what only SQLite knows is left out.
pub(super) fn for_postgres(sql: &str) -> String {
    let mut said = sql.replace(" WITHOUT ROWID", "").replace(" STRICT", "").replace('?', "$");
    if sql.contains("CREATE TABLE") {
        for (ours, theirs) in WORDS {
            said = whole_words(&said, ours, theirs);
        }
    }
    said
}

fn whole_words(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let whole = !before.ends_with(inside) && !after.starts_with(inside);
        out.push_str(before);
        out.push_str(if whole { to } else { from });
        rest = after;
    }
    out + rest
}

/// The same for SQLite, which has no row locks because it has one writer.
pub(super) fn for_sqlite(sql: &str) -> &str {
    sql.strip_suffix(" FOR UPDATE").unwrap_or(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_parameters_are_said_in_postgresqls_words() {
        let ours = "CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL, hash BLOB) STRICT, WITHOUT ROWID;";
        let theirs = for_postgres(&ours.replace(", WITHOUT ROWID", " WITHOUT ROWID"));
        assert_eq!(theirs, "CREATE TABLE name (id BIGINT PRIMARY KEY, text TEXT COLLATE \"C\" NOT NULL, hash BYTEA);");
        assert_eq!(for_postgres("SELECT id FROM name WHERE text = ?1"), "SELECT id FROM name WHERE text = $1");
    }
}
