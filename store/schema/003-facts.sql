-- Facts. Every table is keyed by the row's own identity, with a version from the data; deleted is a version.
-- version = modified time (ms) << 80 | delivery time (ms) << 32 | 32 bits of the content's hash.

-- What each record says of the person behind an account: identifiers (tokens) and traits. The resolver's only input.
CREATE TABLE account_records
(
    account_ordinal UInt32,
    source LowCardinality(String),
    kind LowCardinality(String),
    record_id UInt128,
    channel LowCardinality(String),
    item_id UInt128,
    seen_at DateTime64(3, 'UTC'),
    id_type Array(LowCardinality(String)),
    id_scope Array(LowCardinality(String)),
    id_token Array(UInt128),
    id_strength Array(LowCardinality(String)),
    gender LowCardinality(String),
    birth_date Nullable(Date32),
    birth_precision LowCardinality(String),
    province LowCardinality(String),
    city LowCardinality(String),
    name_masked String,
    phone_masked String,
    email_masked String,
    mapper_version UInt16,
    commit_seq UInt64,
    version UInt128,
    deleted UInt8,
    INDEX by_seq commit_seq TYPE minmax GRANULARITY 1,
    INDEX by_item item_id TYPE bloom_filter GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, kind, record_id);

-- token -> accounts that ever gave it (a superset; account_records says what is so now).
CREATE TABLE identifier_index
(
    token UInt128,
    account_ordinal UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (token, account_ordinal);

CREATE TABLE memberships
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    status LowCardinality(String),
    level LowCardinality(String),
    points Nullable(Float64),
    joined_at Nullable(DateTime64(3, 'UTC')),
    store_code LowCardinality(String),
    guide String,
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);

CREATE TABLE bindings
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    bound_channel LowCardinality(String),
    bound_at Nullable(DateTime64(3, 'UTC')),
    unbound_at Nullable(DateTime64(3, 'UTC')),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);

CREATE TABLE points_entries
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    delta Float64,
    balance Nullable(Float64),
    reason LowCardinality(String),
    happened_at DateTime64(3, 'UTC'),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);

CREATE TABLE level_changes
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    from_level LowCardinality(String),
    to_level LowCardinality(String),
    happened_at DateTime64(3, 'UTC'),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);

CREATE TABLE shop_customers
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    grade LowCardinality(String),
    status LowCardinality(String),
    trade_count Nullable(UInt32),
    trade_amount_fen Nullable(Int64),
    last_trade_at Nullable(DateTime64(3, 'UTC')),
    points Nullable(Float64),
    joined_at Nullable(DateTime64(3, 'UTC')),
    store_code LowCardinality(String),
    guide String,
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);

CREATE TABLE order_lines
(
    source LowCardinality(String),
    order_no String,
    line_no String,
    channel LowCardinality(String),
    account_ordinal UInt32,
    platform_order_no String,
    is_platform UInt8,
    suspected_double UInt8,
    state LowCardinality(String),
    line_kind LowCardinality(String),
    sold_by LowCardinality(String),
    fulfilled_by LowCardinality(String),
    credited_store LowCardinality(String),
    credited_guide LowCardinality(String),
    scene LowCardinality(String),
    terminal LowCardinality(String),
    bill_no String,
    created_at DateTime64(3, 'UTC'),
    paid_at Nullable(DateTime64(3, 'UTC')),
    business_date Date32,
    product_id String,
    sku_id String,
    title String,
    category LowCardinality(String),
    quantity Int32,
    ordered_fen Int64,
    paid_fen Int64,
    discount_fen Int64,
    freight_fen Int64,
    platform_subsidy_fen Int64,
    coupon_fen Int64,
    points_fen Int64,
    stored_value_fen Int64,
    deposit_fen Int64,
    delivery String,
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    commit_seq UInt64,
    version UInt128,
    deleted UInt8,
    INDEX by_account account_ordinal TYPE bloom_filter GRANULARITY 1,
    INDEX by_platform_order platform_order_no TYPE bloom_filter GRANULARITY 1,
    INDEX by_day business_date TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, order_no, line_no);

CREATE TABLE refunds
(
    source LowCardinality(String),
    refund_no String,
    channel LowCardinality(String),
    account_ordinal UInt32,
    order_no String,
    line_no String,
    store_code LowCardinality(String),
    terminal LowCardinality(String),
    original_bill_no String,
    original_date String,
    product_id String,
    quantity Int32,
    refunded_fen Int64,
    status LowCardinality(String),
    refund_kind LowCardinality(String),
    created_at DateTime64(3, 'UTC'),
    refunded_at Nullable(DateTime64(3, 'UTC')),
    business_date Date32,
    delivery String,
    item_id UInt128,
    mapper_version UInt16,
    commit_seq UInt64,
    version UInt128,
    deleted UInt8,
    INDEX by_account account_ordinal TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, refund_no);

CREATE TABLE stores
(
    source LowCardinality(String),
    store_code String,
    channel LowCardinality(String),
    title String,
    region LowCardinality(String),
    status LowCardinality(String),
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, store_code);

CREATE TABLE events
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    event LowCardinality(String),
    happened_at DateTime64(3, 'UTC'),
    properties Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);

CREATE TABLE consents
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    purpose LowCardinality(String),
    via LowCardinality(String),
    granted UInt8,
    happened_at DateTime64(3, 'UTC'),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);
