-- The state of pairs of calendars. What rows hold is sealed; what they are found by is not.
CREATE TABLE pair (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    -- Empty: the first calendar.
    folder TEXT NOT NULL,
    generation INTEGER NOT NULL,
    -- What the rows take up.
    bytes INTEGER NOT NULL,
    head BLOB,
    UNIQUE (person, mailbox, folder)
);

CREATE TABLE link (
    pair INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    blikk TEXT,
    blikk_version TEXT,
    exchange TEXT,
    exchange_version TEXT,
    enters TEXT,
    sealed BLOB NOT NULL,
    PRIMARY KEY (pair, id)
) WITHOUT ROWID;
CREATE INDEX link_blikk ON link (pair, blikk);
CREATE INDEX link_exchange ON link (pair, exchange);

-- Operations, runs and changes, in the order of their ids.
CREATE TABLE record (
    pair INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    -- RFC 3339 in UTC and whole seconds: in the order of time. An operation has none.
    instant TEXT,
    sealed BLOB NOT NULL,
    PRIMARY KEY (pair, kind, id)
) WITHOUT ROWID;
CREATE INDEX record_instant ON record (pair, instant);
