-- Small state: definitions, checkpoints, runs, audit. One writer (the process that holds the engine), fsync on insert.

CREATE TABLE documents
(
    collection LowCardinality(String),
    id String,
    revision UInt64,
    deleted UInt8,
    body String,
    changed_at DateTime64(3, 'UTC'),
    changed_by String
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (collection, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE checkpoints
(
    source LowCardinality(String),
    stream LowCardinality(String),
    revision UInt64,
    cursor String,
    kept_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (source, stream)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE runs
(
    run_id String,
    revision UInt64,
    kind LowCardinality(String),
    source LowCardinality(String),
    status LowCardinality(String),
    started_at DateTime64(3, 'UTC'),
    finished_at Nullable(DateTime64(3, 'UTC')),
    counts Map(LowCardinality(String), Float64),
    fault String,
    advice String
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY run_id;

CREATE TABLE audit_log
(
    at DateTime64(3, 'UTC'),
    actor String,
    role LowCardinality(String),
    action LowCardinality(String),
    object String,
    purpose String,
    count UInt64,
    request_id String
)
ENGINE = MergeTree
ORDER BY at
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What the readers may see: one row per published version, written last.
CREATE TABLE published
(
    version UInt32,
    rules_version UInt32,
    identity_version UInt32,
    tags_version UInt32,
    resolved_to UInt64,
    data_up_to DateTime64(3, 'UTC'),
    published_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
