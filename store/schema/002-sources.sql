-- What arrived: accounts, the sealed archive, the page ledger, quarantine, the vault.

-- Somebody at one source; the ordinal is given once by the one writer and never reused.
CREATE TABLE accounts
(
    account_id UInt128,
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    kind LowCardinality(String),
    given_at DateTime64(3, 'UTC'),
    INDEX by_ordinal account_ordinal TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY account_id;

-- The archive: each item once per content, sealed. item_id = token(source, item_kind, item key).
CREATE TABLE source_items
(
    source LowCardinality(String),
    item_kind LowCardinality(String),
    item_id UInt128,
    item_hash UInt128,
    page_id String,
    position UInt32,
    delivered_at DateTime64(3, 'UTC'),
    -- Whom its records are about, so that a person's items are found whatever stands in them.
    account_ordinals Array(UInt32),
    key_id UInt16,
    iv FixedString(12),
    sealed String CODEC(NONE),
    INDEX by_page page_id TYPE bloom_filter GRANULARITY 4
)
ENGINE = ReplacingMergeTree(delivered_at)
ORDER BY (source, item_kind, item_id, item_hash);

-- Items of suppressed people leave only this.
CREATE TABLE item_tombstones
(
    source LowCardinality(String),
    item_kind LowCardinality(String),
    item_id UInt128,
    delivered_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(delivered_at)
ORDER BY (source, item_kind, item_id);

-- Deliveries (files) that were whole for some stores and days, for tombstones when the archive is mapped again.
CREATE TABLE whole_deliveries
(
    source LowCardinality(String),
    page_id String,
    delivered_at DateTime64(3, 'UTC'),
    -- JSON of Completeness
    complete String,
    committed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(committed_at)
ORDER BY (source, page_id);

CREATE TABLE rejections
(
    source LowCardinality(String),
    item_kind LowCardinality(String),
    item_id UInt128,
    path String,
    code LowCardinality(String),
    given String,
    expected String,
    whole_item UInt8,
    page_id String,
    position UInt32,
    mapper_version UInt16,
    happened_at DateTime64(3, 'UTC'),
    version UInt128,
    -- 1 = mended: a later version or a replay made a record of it
    settled UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (source, item_kind, item_id, path, code);

-- One sealed blob (JSON of personal values and of the account's own key) per account and record.
CREATE TABLE vault
(
    account_ordinal UInt32,
    source LowCardinality(String),
    kind LowCardinality(String),
    record_id UInt128,
    key_id UInt16,
    iv FixedString(12),
    sealed String CODEC(NONE),
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, kind, record_id);

-- The hashes of every phone held in clear, so that channels that give only a hash still join.
CREATE TABLE phone_hashes
(
    hash_token UInt128,
    phone_token UInt128,
    commit_seq UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (hash_token, phone_token);

-- People (tokens of accounts and identifiers) that asked to be forgotten: nothing of theirs is taken in again.
CREATE TABLE suppressed
(
    token UInt128,
    kind LowCardinality(String),
    request_id String,
    since DateTime64(3, 'UTC'),
    -- Of an account: never given again, though its row in accounts is gone.
    account_ordinal UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY token
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row per finished commit, written after its facts: what is past the newest row is not whole yet.
CREATE TABLE commits
(
    commit_seq UInt64,
    source LowCardinality(String),
    items UInt32,
    records UInt32,
    rejections UInt32,
    delivered_up_to DateTime64(3, 'UTC'),
    committed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY commit_seq;

-- Staging of one commit, in memory only: clear values never touch the disk.
CREATE TABLE staged_keys
(
    n UInt32,
    -- account | record
    what String,
    item_n UInt32,
    scope String,
    source String,
    kind String,
    key String
)
ENGINE = Memory;

CREATE TABLE staged_items
(
    n UInt32,
    source String,
    item_kind String,
    item_key String,
    payload String,
    page_id String,
    position UInt32,
    delivered_at DateTime64(3, 'UTC'),
    account_ordinals Array(UInt32)
)
ENGINE = Memory;

CREATE TABLE staged_records
(
    n UInt32,
    item_n UInt32,
    account_ordinal UInt32,
    source String,
    channel String,
    kind String,
    record_key String,
    id_type Array(String),
    id_scope Array(String),
    id_value Array(String),
    id_strength Array(String),
    personal String,
    gender String,
    birth_date Nullable(Date32),
    birth_precision String,
    province String,
    city String,
    name_masked String,
    phone_masked String,
    email_masked String,
    seen_at DateTime64(3, 'UTC'),
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = Memory;
