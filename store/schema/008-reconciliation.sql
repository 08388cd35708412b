-- What sources say of their own days, and the books beside it.
CREATE TABLE statements
(
    source LowCardinality(String),
    fact_kind LowCardinality(String),
    day Date32,
    -- '' = all stores of the source together
    store_code LowCardinality(String),
    channel LowCardinality(String),
    stated_count Nullable(UInt32),
    stated_fen Nullable(Int64),
    item_id UInt128,
    mapper_version UInt16,
    version UInt128,
    deleted UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
ORDER BY (source, fact_kind, day, store_code);

-- Bills and returns that are held, by source, kind, day and store; store_code '' = all stores. Whatever a line is for
-- (postage, tests, suspected doubles) counts: the till counted it too.
CREATE VIEW held_by_day AS
SELECT source, fact_kind, day, store_code, sum(bills) AS held_count, sum(fen) AS held_fen
FROM
(
    SELECT source, 'order' AS fact_kind, business_date AS day, arrayJoin(arrayDistinct(['', toString(sold_by)])) AS store_code,
           uniqExact(order_no) AS bills, sum(paid_fen) AS fen
    FROM order_lines FINAL
    GROUP BY source, day, store_code
    UNION ALL
    SELECT source, 'refund', business_date, arrayJoin(arrayDistinct(['', toString(refunds.store_code)])) AS store_code,
           count(), sum(refunded_fen)
    FROM refunds FINAL
    WHERE status = 'success'
    GROUP BY source, business_date, store_code
)
GROUP BY source, fact_kind, day, store_code;

-- Each statement beside what is held; differences are held minus stated, NULL where the source does not say.
CREATE VIEW reconciliation AS
SELECT said.source AS source, said.fact_kind AS fact_kind, said.day AS day, said.store_code AS store_code,
       said.stated_count AS stated_count, held.held_count AS held_count,
       said.stated_fen AS stated_fen, held.held_fen AS held_fen,
       toInt64(held.held_count) - said.stated_count AS count_difference,
       held.held_fen - said.stated_fen AS fen_difference,
       coalesce(count_difference, 0) = 0 AND coalesce(fen_difference, 0) = 0 AS agrees
FROM (SELECT * FROM statements FINAL) AS said
LEFT ANY JOIN held_by_day AS held USING (source, fact_kind, day, store_code);
