-- What the marketer works on: one wide row per profile and version, audiences, exports.

-- Names of columns are the ids of traits and tags. '' or NULL = unknown. Every condition scans one partition.
CREATE TABLE profiles
(
    version UInt32,
    profile_ordinal UInt32,
    -- account_id of the founding account
    profile_id UInt128,
    accounts Array(UInt32),

    -- traits; <trait>_from = place in `records`, from 1, of the record the trait came from (0 = unknown)
    records Array(Tuple(
        account_ordinal UInt32,
        source LowCardinality(String),
        kind LowCardinality(String),
        record_id UInt128,
        seen_at DateTime64(3, 'UTC'))),
    name_masked String,
    name_from UInt16,
    phone_masked String,
    phone_from UInt16,
    email_masked String,
    email_from UInt16,
    gender LowCardinality(String),
    gender_from UInt16,
    birth_date Nullable(Date32),
    -- day | month_day | year
    birth_precision LowCardinality(String),
    birth_from UInt16,
    province LowCardinality(String),
    city LowCardinality(String),
    region_from UInt16,

    -- traits of the membership that speaks for the profile: an active one before a closed one, the newest of those
    member_status LowCardinality(String),
    level LowCardinality(String),
    points Nullable(Float64),
    joined_at Nullable(Date32),
    join_store LowCardinality(String),
    membership_count UInt16,
    membership_account UInt32,
    membership_source LowCardinality(String),
    membership_record_id UInt128,

    -- tags
    channels Array(LowCardinality(String)),
    -- a bit for each value, beside the list (segments/bits.ts)
    channels_bits UInt8,
    is_member Bool,
    reachable Array(LowCardinality(String)),
    reachable_bits UInt8,
    first_purchase Nullable(Date32),
    last_purchase Nullable(Date32),
    purchase_count UInt32,
    purchase_count_365d UInt32,
    net_amount_fen Int64,
    net_amount_365d_fen Int64,
    preferred_channel LowCardinality(String),
    favourite_category LowCardinality(String),
    rfm_group LowCardinality(String),
    lifecycle_stage LowCardinality(String),

    -- Purchases by order and category, refunds of matched returns taken off; order_index counts a profile's orders from 1.
    -- order_index 0 = a return that names no known sale, on its own day.
    purchases Array(Tuple(
        day Date32,
        order_index UInt32,
        channel LowCardinality(String),
        category LowCardinality(String),
        net_fen Int64,
        quantity Int32))
)
ENGINE = MergeTree
PARTITION BY version
ORDER BY profile_ordinal
SETTINGS index_granularity = 2048;

-- What a run measured and held fixed: thresholds of RFM, days of the lifecycle. basis: measured | default.
CREATE TABLE tag_parameters
(
    version UInt32,
    parameter LowCardinality(String),
    value Float64,
    basis LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (version, parameter);

-- Steps of one computation of profiles, emptied before and after.
CREATE TABLE staged_links
(
    account_ordinal UInt32,
    profile_ordinal UInt32
)
ENGINE = MergeTree
ORDER BY account_ordinal;

CREATE TABLE staged_founders
(
    profile_ordinal UInt32,
    profile_id UInt128,
    accounts Array(UInt32),
    account_channels UInt8
)
ENGINE = MergeTree
ORDER BY profile_ordinal;

CREATE TABLE staged_traits
(
    profile_ordinal UInt32,
    records Array(Tuple(
        account_ordinal UInt32,
        source LowCardinality(String),
        kind LowCardinality(String),
        record_id UInt128,
        seen_at DateTime64(3, 'UTC'))),
    name_masked String,
    name_from UInt16,
    phone_masked String,
    phone_from UInt16,
    email_masked String,
    email_from UInt16,
    gender LowCardinality(String),
    gender_from UInt16,
    birth_date Nullable(Date32),
    birth_precision LowCardinality(String),
    birth_from UInt16,
    province LowCardinality(String),
    city LowCardinality(String),
    region_from UInt16
)
ENGINE = MergeTree
ORDER BY profile_ordinal;

CREATE TABLE staged_memberships
(
    profile_ordinal UInt32,
    member_status LowCardinality(String),
    level LowCardinality(String),
    points Nullable(Float64),
    joined_at Nullable(Date32),
    join_store LowCardinality(String),
    membership_count UInt16,
    membership_account UInt32,
    membership_source LowCardinality(String),
    membership_record_id UInt128
)
ENGINE = MergeTree
ORDER BY profile_ordinal;

CREATE TABLE staged_bindings
(
    profile_ordinal UInt32,
    bound_channels UInt8
)
ENGINE = MergeTree
ORDER BY profile_ordinal;

CREATE TABLE staged_reach
(
    profile_ordinal UInt32,
    reachable_bits UInt8
)
ENGINE = MergeTree
ORDER BY profile_ordinal;

CREATE TABLE staged_purchases
(
    profile_ordinal UInt32,
    purchases Array(Tuple(
        day Date32,
        order_index UInt32,
        channel LowCardinality(String),
        category LowCardinality(String),
        net_fen Int64,
        quantity Int32))
)
ENGINE = MergeTree
ORDER BY profile_ordinal;

-- Runs of segments. A run can be seen once its row is here; it is written after its members.
CREATE TABLE audiences
(
    run UInt64,
    run_id String,
    segment String,
    condition String,
    condition_hash String,
    published_version UInt32,
    identity_version UInt32,
    tags_version UInt32,
    data_up_to DateTime64(3, 'UTC'),
    now DateTime64(3, 'UTC'),
    member_count UInt32,
    channel_counts Map(LowCardinality(String), UInt32),
    previous_run UInt64,
    entered UInt32,
    left UInt32,
    -- entries and exits made by a merge, a split or a forgotten person: not the segment's doing
    entered_by_identity UInt32,
    left_by_identity UInt32,
    finished_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY run
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE audience_members
(
    run UInt64,
    profile_ordinal UInt32 CODEC(Delta, LZ4)
)
ENGINE = ReplacingMergeTree
ORDER BY (run, profile_ordinal);

-- Receipts of finished files. revision 2 = the file was taken back (somebody in it was forgotten).
CREATE TABLE exports
(
    export_id String,
    revision UInt8,
    audience_run UInt64,
    published_version UInt32,
    identity_version UInt32,
    tags_version UInt32,
    file String,
    columns Array(String),
    revealed UInt8,
    purpose LowCardinality(String),
    via LowCardinality(String),
    require_consent UInt8,
    requested_by String,
    row_count UInt64,
    bytes UInt64,
    sha256 String,
    excluded_by_consent UInt64,
    excluded_by_suppression UInt64,
    -- members whose profile is no more, or has merged into another member
    no_longer_there UInt64,
    finished_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY export_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Who was in which file, or why not: outcome = sent | consent | suppression.
CREATE TABLE export_members
(
    export_id String,
    profile_ordinal UInt32 CODEC(Delta, LZ4),
    outcome LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (export_id, profile_ordinal);
