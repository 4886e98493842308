-- Up Migration

-- Makes or adopts `public.orders`, and sees to it that its changes are recorded. It does nothing if that is so, is safe
-- with several nodes at once, and is called again when the table has been dropped or replaced.
CREATE FUNCTION live_orders.set_up_orders() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  table_oid oid;
  old_oid oid;
  wrong text;
  rule record;
BEGIN
  PERFORM pg_advisory_xact_lock(5493802217362);
  IF live_orders.is_recorded(to_regclass('public.orders')) THEN
    RETURN;
  END IF;

  CREATE TABLE IF NOT EXISTS public.orders (
    id integer PRIMARY KEY,
    customer_name text NOT NULL,
    product_name text NOT NULL,
    status text NOT NULL,
    updated_at timestamptz(3) NOT NULL
  );
  LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE;
  table_oid := 'public.orders'::regclass;

  SELECT string_agg(format('%I %s', expected.name, expected.type), ', ' ORDER BY place) INTO wrong
  FROM (VALUES (1, 'id', 'integer'), (2, 'customer_name', 'text'), (3, 'product_name', 'text'), (4, 'status', 'text'),
    (5, 'updated_at', 'timestamp(3) with time zone')) AS expected (place, name, type)
  WHERE NOT EXISTS (
    SELECT FROM pg_attribute a
    WHERE a.attrelid = table_oid AND a.attname = expected.name AND NOT a.attisdropped
      AND format_type(a.atttypid, a.atttypmod) = expected.type);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'LO001',
      MESSAGE = format('the table public.orders lacks columns as they must be: %s', wrong);
  END IF;
  IF NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'id'
    WHERE i.indrelid = table_oid AND i.indisprimary AND i.indkey::text = a.attnum::text)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'LO001', MESSAGE = 'the primary key of the table public.orders must be id';
  END IF;

  ALTER TABLE public.orders
    ALTER COLUMN id SET DEFAULT live_orders.take_id(),
    ALTER COLUMN status SET DEFAULT 'pending',
    ALTER COLUMN updated_at SET DEFAULT clock_timestamp();

  -- Rows of an adopted table that break a rule stay, and are left out of every answer; new ones are refused.
  FOR rule IN
    SELECT * FROM (VALUES
      ('orders_id_range', 'id >= 1'),
      ('orders_customer_name_text', 'customer_name IS NOT NULL AND char_length(customer_name) BETWEEN 1 AND 200 '
        || 'AND customer_name COLLATE "C" !~ ''[\u0001-\u001F\u007F-\u009F]'''),
      ('orders_product_name_text', 'product_name IS NOT NULL AND char_length(product_name) BETWEEN 1 AND 200 '
        || 'AND product_name COLLATE "C" !~ ''[\u0001-\u001F\u007F-\u009F]'''),
      ('orders_status_known', 'status IS NOT NULL AND status IN (''pending'', ''shipped'', ''delivered'')'),
      ('orders_updated_at_range', 'updated_at IS NOT NULL AND updated_at >= ''0001-01-01T00:00:00Z'' '
        || 'AND updated_at < ''10000-01-01T00:00:00Z''')
    ) AS rules (name, condition)
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = table_oid AND c.conname = rule.name);
    EXECUTE format('ALTER TABLE public.orders ADD CONSTRAINT %I CHECK (%s) NOT VALID', rule.name, rule.condition);
    BEGIN
      EXECUTE format('ALTER TABLE public.orders VALIDATE CONSTRAINT %I', rule.name);
    EXCEPTION WHEN check_violation THEN
      RAISE WARNING 'rows of public.orders break %', rule.name;
    END;
  END LOOP;

  -- One for each sort; reads go through it status by status.
  FOR rule IN
    SELECT * FROM (VALUES
      ('orders_by_id', 'status COLLATE "C", id'),
      ('orders_by_customer_name', 'status COLLATE "C", customer_name COLLATE "C", id'),
      ('orders_by_product_name', 'status COLLATE "C", product_name COLLATE "C", id'),
      ('orders_by_updated_at', 'status COLLATE "C", updated_at, id')
    ) AS indexes (name, columns)
  LOOP
    CONTINUE WHEN EXISTS (
      SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = table_oid AND starts_with(c.relname, rule.name));
    -- A renamed table keeps the names of its indexes.
    EXECUTE format('CREATE INDEX %I ON public.orders (%s)',
      CASE WHEN to_regclass('public.' || rule.name) IS NULL THEN rule.name ELSE rule.name || '_' || table_oid END,
      rule.columns);
  END LOOP;

  DROP TRIGGER IF EXISTS live_orders_record ON public.orders;
  DROP TRIGGER IF EXISTS live_orders_truncate ON public.orders;
  CREATE CONSTRAINT TRIGGER live_orders_record
    AFTER INSERT OR UPDATE OR DELETE ON public.orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION live_orders.record_change();
  CREATE TRIGGER live_orders_truncate
    AFTER TRUNCATE ON public.orders FOR EACH STATEMENT EXECUTE FUNCTION live_orders.record_truncate();
  -- Always: also in sessions whose replication role is `replica`.
  ALTER TABLE public.orders ENABLE ALWAYS TRIGGER live_orders_record;
  ALTER TABLE public.orders ENABLE ALWAYS TRIGGER live_orders_truncate;

  -- The table that stood here before, if it was only renamed.
  SELECT f.orders_oid INTO old_oid FROM live_orders.feed f
  JOIN pg_class c ON c.oid = f.orders_oid WHERE f.orders_oid <> table_oid;
  IF FOUND THEN
    EXECUTE format('DROP TRIGGER IF EXISTS live_orders_record ON %s', old_oid::regclass);
    EXECUTE format('DROP TRIGGER IF EXISTS live_orders_truncate ON %s', old_oid::regclass);
  END IF;

  PERFORM live_orders.begin_generation(table_oid);
END $$;

-- Whether no row can break the rules: all of them hold for every row, old ones too.
CREATE FUNCTION live_orders.rows_are_checked() RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT 5 = count(*) FROM pg_catalog.pg_constraint c
  WHERE c.conrelid = to_regclass('public.orders') AND c.convalidated
    AND c.conname IN ('orders_id_range', 'orders_customer_name_text', 'orders_product_name_text',
      'orders_status_known', 'orders_updated_at_range')
$$;
