-- The log, and what is made of it. Whole numbers, text and bytes only, so that SQLite and PostgreSQL hold the same.

-- The right edge of the tree over the log, how many names there are, and what this log is called; writers take their turns at this row.
CREATE TABLE head (one INTEGER PRIMARY KEY, size INTEGER NOT NULL, edge BLOB NOT NULL, named INTEGER NOT NULL, origin TEXT NOT NULL) STRICT;

-- Every change: what happened, when, in which run, to which subject; the text that is hashed, and its hash.
CREATE TABLE log (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, at TEXT NOT NULL, run INTEGER, subject INTEGER, body TEXT NOT NULL, leaf BLOB NOT NULL
) STRICT;
CREATE INDEX log_of_subject ON log (subject, seq) WHERE subject IS NOT NULL;
CREATE INDEX log_of_run ON log (run, seq) WHERE run IS NOT NULL;
CREATE INDEX log_of_kind ON log (kind, seq) WHERE kind <> 'observed';

-- The roots of whole subtrees of 256, 65536, … entries.
CREATE TABLE tile (level INTEGER NOT NULL, place INTEGER NOT NULL, root BLOB NOT NULL, PRIMARY KEY (level, place)) STRICT;

-- Signed sentences of how long the log was and which hash stood for it.
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL) STRICT;

-- Checks, subjects, scopes, exemptions: written once, referred to by number.
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

-- Bytes that were read or written, by SHA-256, compressed with zstd. Not made of the log; the log names them by their hashes.
CREATE TABLE document (sha256 BLOB PRIMARY KEY, size INTEGER NOT NULL, content BLOB NOT NULL) STRICT;

-- The last changes, so that one whose commit was not answered can be looked up.
CREATE TABLE work_mark (mark TEXT PRIMARY KEY, size INTEGER NOT NULL) STRICT;
CREATE INDEX work_mark_of_size ON work_mark (size);

-- Runs, by the number of the entry that began them.
CREATE TABLE run (
    id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, started TEXT NOT NULL, ended TEXT, program TEXT NOT NULL, inputs TEXT NOT NULL,
    scopes TEXT NOT NULL, tick INTEGER, outcome TEXT NOT NULL, pass INTEGER NOT NULL, fail INTEGER NOT NULL, unknown INTEGER NOT NULL,
    not_applicable INTEGER NOT NULL, vacuous INTEGER NOT NULL, exempt INTEGER NOT NULL
) STRICT;
CREATE INDEX run_open ON run (outcome) WHERE ended IS NULL;
CREATE TABLE run_document (run INTEGER NOT NULL, name TEXT NOT NULL, sha256 BLOB NOT NULL, PRIMARY KEY (run, name)) STRICT;
-- Who carries a run out, and when it was last heard of.
CREATE TABLE work_run (run INTEGER PRIMARY KEY, owner TEXT NOT NULL, beat TEXT NOT NULL) STRICT;

-- The order in which the checks of a kind are written, by the number of the entry that said so.
CREATE TABLE checks (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, digest TEXT NOT NULL, list TEXT NOT NULL) STRICT;
CREATE INDEX checks_of_digest ON checks (digest);

-- What stands of every subject: its document, the key of everything that its verdicts depend on, and one letter per check.
CREATE TABLE state (
    subject INTEGER PRIMARY KEY, kind INTEGER NOT NULL, scope INTEGER NOT NULL, name TEXT, document BLOB, key BLOB NOT NULL,
    checks INTEGER NOT NULL, verdicts TEXT NOT NULL, collected TEXT, recheck_at TEXT, seq INTEGER NOT NULL
) STRICT;
CREATE INDEX state_of_place ON state (kind, scope);

-- Verdicts that are neither pass nor not applicable, since when, and since when failing without a pass (a gap does not buy time).
CREATE TABLE open (
    subject INTEGER NOT NULL, check_name INTEGER NOT NULL, verdict TEXT NOT NULL, since TEXT NOT NULL, failing_since TEXT, exempt INTEGER,
    PRIMARY KEY (subject, check_name)
) STRICT;
CREATE INDEX open_of_check ON open (check_name, subject);

-- Who looked at which kind where, from when to when, how long that stands, and what was found or why not.
CREATE TABLE listed (
    seq INTEGER PRIMARY KEY, run INTEGER NOT NULL, kind INTEGER NOT NULL, scope INTEGER NOT NULL, started TEXT NOT NULL, ended TEXT NOT NULL,
    valid_until TEXT NOT NULL, found INTEGER, changed INTEGER, gap TEXT
) STRICT;
CREATE INDEX listed_of_place ON listed (kind, scope, ended);
CREATE INDEX listed_of_time ON listed (ended);
