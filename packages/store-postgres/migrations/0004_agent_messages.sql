-- Up Migration

-- Taken under the messages' own lock only, so that the order of versions is the order of commits.
CREATE SEQUENCE live_orders.message_versions AS bigint CACHE 1;
-- Versions of a database that was made anew under the same name are higher than those of the old one.
SELECT setval('live_orders.message_versions', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

-- What the agent wrote: one message for one trigger, order and position.
CREATE TABLE live_orders.agent_messages (
  id uuid PRIMARY KEY,
  version bigint NOT NULL UNIQUE,
  trigger_name text NOT NULL,
  order_id integer NOT NULL,
  position text NOT NULL,
  state text NOT NULL,
  -- Its cause holds, or no more than the order's names have changed.
  stands boolean NOT NULL,
  -- All but the version.
  message jsonb NOT NULL,
  UNIQUE (trigger_name, order_id, position)
);
CREATE INDEX agent_messages_state ON live_orders.agent_messages (state, version);
CREATE INDEX agent_messages_order ON live_orders.agent_messages (order_id, version);

CREATE FUNCTION live_orders.lock_messages() RETURNS void
LANGUAGE sql AS $$ SELECT pg_catalog.pg_advisory_xact_lock(5493802217364) $$;

CREATE FUNCTION live_orders.number_message() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM live_orders.lock_messages();
  NEW.version := nextval('live_orders.message_versions');
  PERFORM pg_notify('agent_messages_channel', '');
  RETURN NEW;
END $$;

CREATE TRIGGER number_message BEFORE INSERT OR UPDATE ON live_orders.agent_messages
  FOR EACH ROW EXECUTE FUNCTION live_orders.number_message();

-- Writes those that still have the version that is named with them, and answers them.
CREATE FUNCTION live_orders.replace_messages(changes jsonb) RETURNS SETOF live_orders.agent_messages
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  -- Before any row is locked: two that write the same rows in another order would wait for each other.
  PERFORM live_orders.lock_messages();
  RETURN QUERY
    UPDATE live_orders.agent_messages m
    SET state = c.message->>'state', message = c.message,
      stands = coalesce(c.message->'ended'->>'kind' = 'renamed', true)
    FROM jsonb_to_recordset(changes) AS c (version bigint, message jsonb)
    WHERE m.id = (c.message->>'id')::uuid AND m.version = c.version
    RETURNING m.*;
END $$;

-- Where each agent stands in the feed of orders.
CREATE TABLE live_orders.agent_readers (
  name text PRIMARY KEY,
  cursor text NOT NULL,
  drafts_by text NOT NULL,
  sends boolean NOT NULL,
  seen_at timestamptz(3) NOT NULL
);
