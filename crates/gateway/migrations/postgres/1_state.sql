-- The state of pairs of calendars. What rows hold is sealed; what they are found by is not. The same as SQLite's, with
-- texts in the order of their bytes.
CREATE TABLE pair (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person TEXT COLLATE "C" NOT NULL,
    mailbox TEXT COLLATE "C" NOT NULL,
    -- Empty: the first calendar.
    folder TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL,
    -- What the rows take up.
    bytes BIGINT NOT NULL,
    head BYTEA,
    UNIQUE (person, mailbox, folder)
);

CREATE TABLE link (
    pair BIGINT NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
    id TEXT COLLATE "C" NOT NULL,
    blikk TEXT COLLATE "C",
    blikk_version TEXT COLLATE "C",
    exchange TEXT COLLATE "C",
    exchange_version TEXT COLLATE "C",
    enters TEXT COLLATE "C",
    sealed BYTEA NOT NULL,
    PRIMARY KEY (pair, id)
);
CREATE INDEX link_blikk ON link (pair, blikk);
CREATE INDEX link_exchange ON link (pair, exchange);

-- Operations, runs and changes, in the order of their ids.
CREATE TABLE record (
    pair BIGINT NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    -- RFC 3339 in UTC and whole seconds: in the order of time. An operation has none.
    instant TEXT COLLATE "C",
    sealed BYTEA NOT NULL,
    PRIMARY KEY (pair, kind, id)
);
CREATE INDEX record_instant ON record (pair, instant);
