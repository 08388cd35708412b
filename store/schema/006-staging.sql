-- Staging of one commit, in memory only: clear values never touch the disk. Ids and ordinals are given inside the engine;
-- the tables in which facts are staged (arrived_<table>) are made by the writer from the facts' own columns.
DROP TABLE staged_keys;

DROP TABLE staged_items;

DROP TABLE staged_records;

CREATE TABLE staged_items
(
    n UInt32,
    item_kind String,
    item_key String,
    payload String,
    page_id String,
    position UInt32,
    delivered_at DateTime64(3, 'UTC')
)
ENGINE = Memory;

CREATE TABLE staged_rejections
(
    item_n UInt32,
    path String,
    code String,
    given String,
    expected String,
    whole_item UInt8
)
ENGINE = Memory;

-- Every record; what it says of its person where `says` is 1.
CREATE TABLE staged_records
(
    n UInt32,
    item_n UInt32,
    kind String,
    key String,
    -- '' = about nobody known
    account_kind String,
    account_scope String,
    account_key String,
    says UInt8,
    -- Key of the person's row; NULL = the record's own
    person_key Nullable(String),
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
    modified Nullable(DateTime64(3, 'UTC')),
    deleted UInt8
)
ENGINE = Memory;

-- The distinct accounts of the records, by the number of the first record that names each.
CREATE TABLE staged_accounts
(
    n UInt32,
    item_n UInt32,
    kind String,
    scope String,
    key String,
    account_id UInt128,
    account_ordinal UInt32,
    -- Not in accounts yet
    is_new UInt8,
    -- Its first row among what is said of people is not known to be written
    is_fresh UInt8,
    is_suppressed UInt8
)
ENGINE = Memory;

-- The ids of each record; hidden = of somebody who asked to be forgotten.
CREATE TABLE staged_ids
(
    n UInt32,
    item_n UInt32,
    hidden UInt8,
    account_ordinal UInt32,
    record_id UInt128,
    item_id UInt128,
    version UInt128,
    seen_at DateTime64(3, 'UTC'),
    deleted UInt8
)
ENGINE = Memory;

-- What is said of people, with its tokens.
CREATE TABLE staged_people
(
    account_ordinal UInt32,
    kind String,
    record_id UInt128,
    item_id UInt128,
    seen_at DateTime64(3, 'UTC'),
    id_type Array(String),
    id_scope Array(String),
    id_value Array(String),
    id_strength Array(String),
    id_token Array(UInt128),
    personal String,
    gender String,
    birth_date Nullable(Date32),
    birth_precision String,
    province String,
    city String,
    name_masked String,
    phone_masked String,
    email_masked String,
    version UInt128,
    deleted UInt8
)
ENGINE = Memory;

-- Up to this ordinal each account has its first row among what is said of people.
ALTER TABLE commits ADD COLUMN whole_to UInt32;
