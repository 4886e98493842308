-- Up Migration

-- The status of an image that keeps to the contract's table, as readers see it; null for one that is not there, or breaks
-- it.
CREATE FUNCTION live_orders.image_status(
  order_id bigint, customer_name text, product_name text, status text, updated_at timestamptz
) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN order_id BETWEEN 1 AND 2147483647
    AND status IN ('pending', 'shipped', 'delivered')
    AND char_length(customer_name) BETWEEN 1 AND 200
    AND customer_name COLLATE "C" !~ '[\u0001-\u001F\u007F-\u009F]'
    AND char_length(product_name) BETWEEN 1 AND 200
    AND product_name COLLATE "C" !~ '[\u0001-\u001F\u007F-\u009F]'
    AND updated_at >= '0001-01-01T00:00:00Z' AND updated_at < '10000-01-01T00:00:00Z'
  THEN status END
$$;

-- The turns in an order's life: where it became pending, where its life began or ended, and where an image is missing, so
-- that it is not known what became of it.
CREATE INDEX outbox_turns ON live_orders.outbox (order_id, seq)
  WHERE op <> 'update' OR before_status IS NULL OR after_status IS NULL
    OR (before_status <> 'pending' AND after_status = 'pending');

-- The place of the last change before an instant, above `floor`: numbers are given in the order of time, so it is found
-- by halving, in as many steps as a number has bits.
CREATE FUNCTION live_orders.place_before(moment timestamptz, floor bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  -- No change up to `low` is later, none above `high` is earlier.
  low bigint := floor;
  high bigint := GREATEST(floor, (SELECT max(o.seq) FROM live_orders.outbox o));
  middle bigint;
  found record;
BEGIN
  WHILE low < high LOOP
    middle := low + (high - low) / 2;
    SELECT o.seq, o.at INTO found FROM live_orders.outbox o
    WHERE o.seq > middle AND o.seq <= high ORDER BY o.seq LIMIT 1;
    IF found.at < moment THEN
      low := found.seq;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN low;
END $$;
