-- The resolver's output. Rows are only ever added; a row counts once its version is published.

-- account -> profile (the founding account's ordinal) and the raw component it was solved in, one row per change.
-- profile_ordinal 4294967295 = the account is gone (forgotten or deleted).
CREATE TABLE identity_links
(
    account_ordinal UInt32,
    version UInt32,
    profile_ordinal UInt32,
    component_ordinal UInt32,
    rules_version UInt32,
    linked_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (account_ordinal, version);

-- Unions that were refused, with the reason; cleared = 1 when a later version no longer refuses.
-- account_a was refused; account_b is the one that holds the identifier. The newest row up to a version counts.
CREATE TABLE held_links
(
    account_a UInt32,
    account_b UInt32,
    id_type LowCardinality(String),
    id_scope LowCardinality(String),
    id_token UInt128,
    reason LowCardinality(String),
    detail String,
    version UInt32,
    cleared UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (account_a, account_b, id_type, id_scope, id_token, version);

-- Identifiers that join nobody: shared by too many, or blocked. live again = status 'live' in a newer version.
-- accounts = about how many gave it when the row was written.
CREATE TABLE identifier_status
(
    id_token UInt128,
    id_type LowCardinality(String),
    status LowCardinality(String),
    accounts UInt64,
    version UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (id_token, version);

-- A steward's word, between accounts or about an identifier. (Small state; deepened later.)
CREATE TABLE decisions
(
    decision_id String,
    revision UInt64,
    verdict LowCardinality(String),
    account_a UInt128,
    account_b UInt128,
    reason String,
    decided_by String,
    decided_at DateTime64(3, 'UTC'),
    withdrawn UInt8
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY decision_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Scratch of one increment, in memory only: the accounts to solve again (gone = 1: it is an account no more), the raw
-- components they were in, the identifiers whose status may change with some of those who ever gave them, and what the
-- accounts give now.
CREATE TABLE resolve_scope
(
    account_ordinal UInt32,
    gone UInt8
)
ENGINE = Memory;

CREATE TABLE resolve_components
(
    component_ordinal UInt32
)
ENGINE = Memory;

CREATE TABLE resolve_touched
(
    id_token UInt128,
    id_type LowCardinality(String)
)
ENGINE = Memory;

CREATE TABLE resolve_holders
(
    token UInt128,
    account_ordinal UInt32
)
ENGINE = Memory;

CREATE TABLE resolve_given
(
    account_ordinal UInt32,
    token UInt128,
    type LowCardinality(String),
    scope LowCardinality(String),
    strength LowCardinality(String),
    kind LowCardinality(String),
    seen_at DateTime64(3, 'UTC'),
    record_id UInt128
)
ENGINE = Memory;
