-- What a daemon needs to go on where it was, and what people decide.

-- Every time at which a schedule was due, by the number of the entry that said so first.
CREATE TABLE tick (
    id INTEGER PRIMARY KEY, schedule TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, count INTEGER NOT NULL,
    until TEXT, started TEXT, ended TEXT, UNIQUE (schedule, due)
) STRICT;
CREATE INDEX tick_running ON tick (schedule) WHERE state = 'running';
-- Who carries a tick out, and when it was last heard of.
CREATE TABLE work_tick (tick INTEGER PRIMARY KEY, owner TEXT NOT NULL, beat TEXT NOT NULL) STRICT;

-- Up to when every source of events was read to its end.
CREATE TABLE watermark (source TEXT PRIMARY KEY, at TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
-- Every stretch of events that was looked through, or could not be.
CREATE TABLE looked (
    seq INTEGER PRIMARY KEY, source TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL, events INTEGER NOT NULL, changes INTEGER NOT NULL,
    gap TEXT
) STRICT;
CREATE INDEX looked_of_source ON looked (source, until);
-- Events that were taken, for as long as a window can hand them over again.
CREATE TABLE work_inbox (source TEXT NOT NULL, event TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (source, event)) STRICT;
CREATE INDEX work_inbox_of_time ON work_inbox (source, at);

-- Exemptions: where they stand, who asked and who approved. That these are two is a rule of the record itself.
CREATE TABLE exemption (
    name INTEGER PRIMARY KEY, state TEXT NOT NULL, requested_by TEXT NOT NULL, approved_by TEXT, round INTEGER NOT NULL, seq INTEGER NOT NULL,
    CHECK (approved_by IS NULL OR approved_by <> requested_by)
) STRICT;

-- Items of the plan of action and milestones, by their numbers, which are never used twice.
CREATE TABLE item (
    number INTEGER PRIMARY KEY, finding INTEGER NOT NULL, state TEXT NOT NULL, opened INTEGER NOT NULL, seq INTEGER NOT NULL
) STRICT;
CREATE INDEX item_of_finding ON item (finding);
-- Plans of action and milestones as they stood at the end of a month.
CREATE TABLE frozen (month TEXT PRIMARY KEY, sha256 BLOB NOT NULL, seq INTEGER NOT NULL) STRICT;

-- Documents that were let go, so that nobody takes them for lost.
CREATE TABLE pruned (sha256 BLOB PRIMARY KEY, seq INTEGER NOT NULL) STRICT;

-- What is to be told to others, until it was.
CREATE TABLE work_outbox (
    id TEXT PRIMARY KEY, channel TEXT NOT NULL, alert TEXT NOT NULL, created TEXT NOT NULL, message TEXT, attempts INTEGER NOT NULL,
    due TEXT NOT NULL, owner TEXT, held_until TEXT, state TEXT NOT NULL, reason TEXT, ended TEXT
) STRICT;
CREATE INDEX work_outbox_due ON work_outbox (channel, state, due);
CREATE INDEX work_outbox_message ON work_outbox (message);
-- What working parts want to find again, by name.
CREATE TABLE work_value (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
