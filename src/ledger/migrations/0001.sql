-- Runs, documents by content, the current verdict of every check on every subject, and every change of one.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    started TEXT NOT NULL,
    finished TEXT,
    program TEXT NOT NULL,
    inputs TEXT NOT NULL,
    scopes TEXT NOT NULL,
    outcome TEXT NOT NULL,
    pass INTEGER NOT NULL DEFAULT 0,
    fail INTEGER NOT NULL DEFAULT 0,
    unknown INTEGER NOT NULL DEFAULT 0,
    not_applicable INTEGER NOT NULL DEFAULT 0,
    vacuous INTEGER NOT NULL DEFAULT 0,
    exempt INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE run_document (
    run INTEGER NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES document (id),
    PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

-- Checks, subjects, scopes, exemptions: written once, referred to by number.
CREATE TABLE name (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE state (
    check_name INTEGER NOT NULL REFERENCES name (id),
    subject INTEGER NOT NULL REFERENCES name (id),
    scope INTEGER NOT NULL REFERENCES name (id),
    verdict TEXT NOT NULL,
    exempt INTEGER REFERENCES name (id),
    since TEXT NOT NULL,
    -- When it was first seen failing, kept while nobody can read it: a gap must not buy time.
    failing_since TEXT,
    last_run INTEGER NOT NULL REFERENCES run (id),
    document INTEGER REFERENCES document (id),
    collected TEXT,
    recheck_at TEXT,
    PRIMARY KEY (check_name, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE transition (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    check_name INTEGER NOT NULL REFERENCES name (id),
    subject INTEGER NOT NULL REFERENCES name (id),
    was TEXT,
    becomes TEXT NOT NULL,
    exempt INTEGER REFERENCES name (id),
    detail TEXT,
    document INTEGER REFERENCES document (id)
) STRICT;

CREATE INDEX transition_of_run ON transition (run);
CREATE INDEX transition_of_subject ON transition (subject, check_name);
