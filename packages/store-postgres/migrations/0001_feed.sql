-- Everything but the table `public.orders` itself lives in the schema `live_orders`, which the migration tool makes.
-- Up Migration

-- The order of commits: taken under the commit lock only (see record_change), so that it has no late-comers.
CREATE SEQUENCE live_orders.change_seq AS bigint CACHE 1;
-- Positions of a database that was made anew under the same name are higher than those of the old one.
SELECT setval('live_orders.change_seq', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

-- The one row that says which table the outbox speaks of. Another table under the name has another generation.
CREATE TABLE live_orders.feed (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  generation uuid NOT NULL,
  orders_oid oid NOT NULL
);

-- Every change up to `floor` has been pruned.
CREATE TABLE live_orders.pruned (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  floor bigint NOT NULL
);
INSERT INTO live_orders.pruned (floor) VALUES (0);

-- Every committed change of every order, by whatever writer, until it is pruned. Images hold no more of a name than
-- what shows that it is too long.
CREATE TABLE live_orders.outbox (
  seq bigint PRIMARY KEY,
  op text NOT NULL CHECK (op IN ('insert', 'update', 'delete', 'reset')),
  at timestamptz(3) NOT NULL,
  order_id bigint,
  before_customer_name text,
  before_product_name text,
  before_status text,
  before_updated_at timestamptz(3),
  after_customer_name text,
  after_product_name text,
  after_status text,
  after_updated_at timestamptz(3),
  key text,
  -- Of a reset: the generation that begins with it.
  generation uuid
);

-- The outbox as it is read: times in milliseconds since the epoch.
CREATE VIEW live_orders.changes AS
  SELECT
    o.seq, o.op, round(date_part('epoch', o.at) * 1000) AS at_ms, o.order_id, o.key,
    o.generation AS new_generation, o.xmin AS written_by,
    o.before_customer_name, o.before_product_name, o.before_status,
    round(date_part('epoch', o.before_updated_at) * 1000) AS before_ms,
    o.after_customer_name, o.after_product_name, o.after_status,
    round(date_part('epoch', o.after_updated_at) * 1000) AS after_ms
  FROM live_orders.outbox o;

-- Writes that came with an Idempotency-Key: what was planned after the place `after_seq`, and what changes came of it.
CREATE TABLE live_orders.requests (
  key text PRIMARY KEY,
  fingerprint text NOT NULL,
  plan jsonb,
  after_seq bigint,
  changes jsonb,
  at timestamptz NOT NULL
);
CREATE INDEX requests_at ON live_orders.requests (at);

-- Written to, to see whether the database takes writes.
CREATE TABLE live_orders.heartbeat (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  at timestamptz NOT NULL
);
INSERT INTO live_orders.heartbeat (at) VALUES (clock_timestamp());

CREATE SEQUENCE live_orders.order_ids AS integer MINVALUE 1 MAXVALUE 2147483647 CYCLE CACHE 1;

-- Held from the moment at which a transaction numbers its changes until it has committed.
CREATE FUNCTION live_orders.lock_commits() RETURNS void
LANGUAGE sql AS $$ SELECT pg_catalog.pg_advisory_xact_lock(5493802217361) $$;

-- Runs at the commit of the transaction that changed the row. The next one to number its changes waits until this one
-- is visible to all, so that the order of `seq` is the order of commits, and who sees a `seq` sees all lower ones.
CREATE FUNCTION live_orders.record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND (OLD.id, OLD.customer_name, OLD.product_name, OLD.status, OLD.updated_at)
      IS NOT DISTINCT FROM (NEW.id, NEW.customer_name, NEW.product_name, NEW.status, NEW.updated_at)
  THEN
    RETURN NULL;
  END IF;
  PERFORM live_orders.lock_commits();
  -- What readers have seen must not be lost in a crash.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO live_orders.outbox (seq, op, at, order_id,
      after_customer_name, after_product_name, after_status, after_updated_at, key)
    VALUES (nextval('live_orders.change_seq'), 'insert', clock_timestamp(), NEW.id,
      left(NEW.customer_name, 201), left(NEW.product_name, 201), left(NEW.status, 20), NEW.updated_at,
      nullif(left(current_setting('live_orders.key', true), 129), ''));
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO live_orders.outbox (seq, op, at, order_id,
      before_customer_name, before_product_name, before_status, before_updated_at)
    VALUES (nextval('live_orders.change_seq'), 'delete', clock_timestamp(), OLD.id,
      left(OLD.customer_name, 201), left(OLD.product_name, 201), left(OLD.status, 20), OLD.updated_at);
  ELSIF OLD.id = NEW.id THEN
    INSERT INTO live_orders.outbox (seq, op, at, order_id,
      before_customer_name, before_product_name, before_status, before_updated_at,
      after_customer_name, after_product_name, after_status, after_updated_at)
    VALUES (nextval('live_orders.change_seq'), 'update', clock_timestamp(), NEW.id,
      left(OLD.customer_name, 201), left(OLD.product_name, 201), left(OLD.status, 20), OLD.updated_at,
      left(NEW.customer_name, 201), left(NEW.product_name, 201), left(NEW.status, 20), NEW.updated_at);
  ELSE
    -- An order that gets another id is, to its readers, one that goes and one that comes.
    INSERT INTO live_orders.outbox (seq, op, at, order_id,
      before_customer_name, before_product_name, before_status, before_updated_at)
    VALUES (nextval('live_orders.change_seq'), 'delete', clock_timestamp(), OLD.id,
      left(OLD.customer_name, 201), left(OLD.product_name, 201), left(OLD.status, 20), OLD.updated_at);
    INSERT INTO live_orders.outbox (seq, op, at, order_id,
      after_customer_name, after_product_name, after_status, after_updated_at)
    VALUES (nextval('live_orders.change_seq'), 'insert', clock_timestamp(), NEW.id,
      left(NEW.customer_name, 201), left(NEW.product_name, 201), left(NEW.status, 20), NEW.updated_at);
  END IF;
  PERFORM pg_notify('orders_channel', '');
  RETURN NULL;
END $$;

-- What readers hold of the table is void from here on.
CREATE FUNCTION live_orders.begin_generation(table_oid oid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  new_generation uuid := gen_random_uuid();
BEGIN
  PERFORM live_orders.lock_commits();
  INSERT INTO live_orders.feed (generation, orders_oid) VALUES (new_generation, table_oid)
  ON CONFLICT (only_row) DO UPDATE SET generation = new_generation, orders_oid = table_oid;
  INSERT INTO live_orders.outbox (seq, op, at, generation)
  VALUES (nextval('live_orders.change_seq'), 'reset', clock_timestamp(), new_generation);
  PERFORM pg_notify('orders_channel', '');
END $$;

CREATE FUNCTION live_orders.record_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM live_orders.begin_generation(TG_RELID);
  RETURN NULL;
END $$;

-- Whether the table is the one that the feed speaks of, and both triggers fire whatever the session's replication role.
CREATE FUNCTION live_orders.is_recorded(table_oid oid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT f.orders_oid = table_oid FROM live_orders.feed f), false)
    AND 2 = (
      SELECT count(*) FROM pg_catalog.pg_trigger t
      WHERE t.tgrelid = table_oid AND t.tgenabled = 'A'
        AND t.tgname IN ('live_orders_record', 'live_orders_truncate'))
$$;

-- The position of now, as of the snapshot of the statement that reads it. `current`: `public.orders` is the table that
-- the generation speaks of.
CREATE VIEW live_orders.now AS
  SELECT
    f.generation,
    p.floor,
    GREATEST(p.floor, (SELECT max(o.seq) FROM live_orders.outbox o)) AS seq,
    coalesce(f.orders_oid = to_regclass('public.orders')::oid, false) AS current
  FROM live_orders.feed f, live_orders.pruned p;

-- Ids for new orders: the first free ones at or after a counter that only moves forward, and from 1 again at its end.
CREATE FUNCTION live_orders.take_ids(wanted integer) RETURNS integer[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ids integer[] := '{}';
  candidates integer[];
  latest integer;
  run_end integer;
BEGIN
  FOR attempt IN 1 .. 100 LOOP
    candidates := ARRAY(
      SELECT nextval('live_orders.order_ids')::integer FROM generate_series(1, wanted - cardinality(ids)));
    ids := ids || ARRAY(
      SELECT c FROM unnest(candidates) WITH ORDINALITY AS list (c, place)
      WHERE NOT EXISTS (SELECT FROM public.orders o WHERE o.id = c)
      ORDER BY place);
    IF cardinality(ids) = wanted THEN
      RETURN ids;
    END IF;
    latest := candidates[cardinality(candidates)];
    IF EXISTS (SELECT FROM public.orders o WHERE o.id = latest) THEN
      -- Go over the whole run of taken ids that it stands in.
      SELECT run.id INTO run_end
      FROM (
        SELECT o.id, lead(o.id) OVER (ORDER BY o.id) AS following FROM public.orders o WHERE o.id >= latest
      ) AS run
      WHERE run.following IS DISTINCT FROM run.id::bigint + 1
      LIMIT 1;
      PERFORM setval('live_orders.order_ids', run_end);
    END IF;
  END LOOP;
  RAISE EXCEPTION 'no free id was found';
END $$;

CREATE FUNCTION live_orders.take_id() RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT (live_orders.take_ids(1))[1] $$;

-- Begins a write: takes ids for new orders, then locks the orders that it names in the order of their ids, so that no
-- two writes wait for one another. Answers the locked rows, and last the ids and the position of now: as of it the rows
-- stand as they were read, and they do so until the transaction ends.
CREATE FUNCTION live_orders.begin_write(new_orders integer, named integer[]) RETURNS TABLE (
  id integer, customer_name text, product_name text, status text, updated_at timestamptz,
  generation uuid, seq bigint, current boolean, clock timestamptz, new_ids integer[]
)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  taken integer[] := live_orders.take_ids(new_orders);
BEGIN
  RETURN QUERY
    SELECT o.id, o.customer_name, o.product_name, o.status, o.updated_at,
      NULL::uuid, NULL::bigint, NULL::boolean, NULL::timestamptz, NULL::integer[]
    FROM public.orders o WHERE o.id = ANY (named) ORDER BY o.id FOR UPDATE;
  RETURN QUERY
    SELECT NULL::integer, NULL, NULL, NULL, NULL::timestamptz,
      n.generation, n.seq, n.current, clock_timestamp(), taken
    FROM live_orders.now n;
END $$;

-- Carries out planned writes in order, and answers the transaction that they belong to. Their changes are numbered by
-- its commit, so that the commit lock is held for no longer than that.
CREATE FUNCTION live_orders.write_orders(
  kinds text[], ids integer[], customer_names text[], product_names text[], statuses text[], dates timestamptz[]
) RETURNS xid
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  planned record;
BEGIN
  FOR planned IN
    SELECT * FROM unnest(kinds, ids, customer_names, product_names, statuses, dates) WITH ORDINALITY
      AS list (kind, id, customer_name, product_name, status, updated_at, place)
    ORDER BY place
  LOOP
    IF planned.kind = 'insert' THEN
      INSERT INTO public.orders (id, customer_name, product_name, status, updated_at)
      VALUES (planned.id, planned.customer_name, planned.product_name, planned.status, planned.updated_at);
    ELSIF planned.kind = 'update' THEN
      UPDATE public.orders o
      SET customer_name = planned.customer_name, product_name = planned.product_name,
        status = planned.status, updated_at = planned.updated_at
      WHERE o.id = planned.id;
    ELSE
      DELETE FROM public.orders o WHERE o.id = planned.id;
    END IF;
  END LOOP;
  RETURN pg_current_xact_id()::xid;
END $$;

-- The changes that a transaction made after a place. With an upper bound, for which the planner goes by the index even
-- before it knows anything of the table.
CREATE FUNCTION live_orders.changes_of(transaction xid, after_seq bigint) RETURNS SETOF live_orders.changes
LANGUAGE sql STABLE AS $$
  SELECT * FROM live_orders.changes c
  WHERE c.seq BETWEEN after_seq + 1 AND (SELECT s.last_value FROM live_orders.change_seq s)
    AND c.written_by = transaction
  ORDER BY c.seq
$$;

-- Runs at the commit of a request with a key, after its changes have been numbered.
CREATE FUNCTION live_orders.keep_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE live_orders.requests r
  SET changes = coalesce(
    (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.seq)
      FROM live_orders.changes_of(pg_current_xact_id()::xid, NEW.after_seq) c), '[]')
  WHERE r.key = NEW.key;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER keep_changes AFTER UPDATE ON live_orders.requests
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.plan IS NOT NULL AND NEW.changes IS NULL) EXECUTE FUNCTION live_orders.keep_changes();

-- Fails, or does not end, whenever a write of orders would: the disk is full, the server takes no writes, or somebody
-- keeps the commit lock.
CREATE FUNCTION live_orders.beat() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM live_orders.lock_commits();
  UPDATE live_orders.heartbeat SET at = clock_timestamp();
END $$;

-- Takes away the oldest changes, at most `most` of them, as far as they are older than `kept`, and answers how many. One
-- node at a time; who comes second has nothing to do.
CREATE FUNCTION live_orders.prune_outbox(kept interval, most integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  new_floor bigint;
  pruned bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(5493802217363) THEN
    RETURN 0;
  END IF;
  SELECT max(o.seq) INTO new_floor
  FROM (
    SELECT seq, bool_and(at < clock_timestamp() - kept) OVER (ORDER BY seq) AS is_old
    FROM (SELECT seq, at FROM live_orders.outbox ORDER BY seq LIMIT most) oldest
  ) o WHERE o.is_old;
  IF new_floor IS NULL THEN
    RETURN 0;
  END IF;
  UPDATE live_orders.pruned SET floor = new_floor;
  DELETE FROM live_orders.outbox o WHERE o.seq <= new_floor;
  GET DIAGNOSTICS pruned = ROW_COUNT;
  RETURN pruned;
END $$;
