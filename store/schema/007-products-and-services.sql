-- Facts about products, their stock and prices, and what people have of the brand beyond orders: coupons, services, answers,
-- ideas. As in 003: keyed by the row's own identity, with a version from the data.

-- Who runs a store, and its guides.
ALTER TABLE stores ADD COLUMN dealer LowCardinality(String) AFTER status;

ALTER TABLE stores ADD COLUMN guides Array(String) AFTER dealer;

CREATE TABLE products
(
    source LowCardinality(String),
    channel LowCardinality(String),
    product_id String,
    sku_id String,
    outer_id String,
    sku_outer_id String,
    barcode String,
    title String,
    category LowCardinality(String),
    brand LowCardinality(String),
    variant String,
    season LowCardinality(String),
    life_stage LowCardinality(String),
    status LowCardinality(String),
    launched_on Nullable(Date32),
    warranty_days Nullable(UInt16),
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, product_id, sku_id);

CREATE TABLE stocks
(
    source LowCardinality(String),
    channel LowCardinality(String),
    for_channel LowCardinality(String),
    store_code LowCardinality(String),
    product_id String,
    sku_id String,
    quantity Int32,
    available Nullable(Int32),
    counted_at DateTime64(3, 'UTC'),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, product_id, sku_id, store_code, for_channel);

CREATE TABLE prices
(
    source LowCardinality(String),
    channel LowCardinality(String),
    price_key String,
    for_channel LowCardinality(String),
    store_code LowCardinality(String),
    product_id String,
    sku_id String,
    list_fen Nullable(Int64),
    price_fen Nullable(Int64),
    in_range UInt8,
    valid_from Nullable(DateTime64(3, 'UTC')),
    valid_to Nullable(DateTime64(3, 'UTC')),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, price_key);

-- A coupon may be given on, and a service be known before its person: neither is keyed by the account.
CREATE TABLE coupons
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    batch String,
    title String,
    state LowCardinality(String),
    face_fen Nullable(Int64),
    threshold_fen Nullable(Int64),
    granted_at Nullable(DateTime64(3, 'UTC')),
    claimed_at Nullable(DateTime64(3, 'UTC')),
    used_at Nullable(DateTime64(3, 'UTC')),
    expires_at Nullable(DateTime64(3, 'UTC')),
    used_order_no String,
    used_store LowCardinality(String),
    discount_fen Nullable(Int64),
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8,
    INDEX by_account account_ordinal TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, record_id);

CREATE TABLE services
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    service LowCardinality(String),
    status LowCardinality(String),
    order_no String,
    product_id String,
    sku_id String,
    store_code LowCardinality(String),
    guide String,
    topic LowCardinality(String),
    opened_at DateTime64(3, 'UTC'),
    start_due_at Nullable(DateTime64(3, 'UTC')),
    started_at Nullable(DateTime64(3, 'UTC')),
    due_at Nullable(DateTime64(3, 'UTC')),
    done_at Nullable(DateTime64(3, 'UTC')),
    score Nullable(Float64),
    score_max Nullable(Float64),
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8,
    INDEX by_account account_ordinal TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, record_id);

CREATE TABLE survey_answers
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    survey String,
    question String,
    answer String,
    score Nullable(Float64),
    score_max Nullable(Float64),
    order_no String,
    store_code LowCardinality(String),
    answered_at DateTime64(3, 'UTC'),
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);

CREATE TABLE ideas
(
    account_ordinal UInt32,
    source LowCardinality(String),
    channel LowCardinality(String),
    record_id UInt128,
    topic LowCardinality(String),
    product_id String,
    status LowCardinality(String),
    votes Nullable(UInt32),
    happened_at DateTime64(3, 'UTC'),
    custom Map(LowCardinality(String), String),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (account_ordinal, source, record_id);
