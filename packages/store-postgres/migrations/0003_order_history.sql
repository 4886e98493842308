-- Up Migration

-- The changes of one order, and where the generation that stands now begins.
CREATE INDEX outbox_order ON live_orders.outbox (order_id, seq);
CREATE INDEX outbox_reset ON live_orders.outbox (seq) WHERE op = 'reset';

-- Where the history of the table that stands now begins: `floor`, the place before its first change, and `since`, the
-- time of the oldest row that is kept of it. Everything from there on is there.
CREATE VIEW live_orders.kept AS
  SELECT first.floor, coalesce(
    (SELECT o.at FROM live_orders.outbox o WHERE o.seq >= first.floor ORDER BY o.seq LIMIT 1),
    clock_timestamp()) AS since
  FROM (
    SELECT coalesce((SELECT max(o.seq) FROM live_orders.outbox o WHERE o.op = 'reset'), 0) AS floor
  ) first;
