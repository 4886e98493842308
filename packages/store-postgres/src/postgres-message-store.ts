import {
  agentMessageSchema,
  MESSAGE_STATES,
  messageStateSchema,
  type AgentMessage,
  type MessageState,
} from "@live-orders/protocol/agent-message";
import type { Cursor } from "@live-orders/protocol/cursor";
import type {
  MessageChange,
  MessageCounts,
  MessageQuery,
  MessageReader,
  MessageStore,
  ReaderPlace,
  UnwrittenMessage,
} from "@live-orders/store/message-store";
import { WakeUp } from "@live-orders/store/wake-up";
import { z } from "zod";
import { Database } from "./database.ts";
import { ringForMessages } from "./message-bell.ts";
import { setUpSchemaInTime } from "./schema-setup.ts";
import type { StoreLogger } from "./store-logger.ts";
import { StatementValues } from "./statement-values.ts";

export interface PostgresMessagesOptions {
  /** As the order store's. */
  readonly url: string;
  readonly logger: StoreLogger;
}

/** `reason`: one line for a person. */
export type PostgresMessagesOutcome =
  | { readonly kind: "open"; readonly messages: MessageStore }
  | { readonly kind: "refused"; readonly reason: string };

/** Brings the schema up to date and opens the agent's messages. */
export async function openPostgresMessages(
  options: PostgresMessagesOptions,
): Promise<PostgresMessagesOutcome> {
  const { url, logger } = options;
  const outcome = await setUpSchemaInTime(url, logger);
  if (outcome.kind === "refused") return outcome;
  return { kind: "open", messages: new PostgresMessageStore(url, logger) };
}

const POOL_SIZE = 4;

const rowSchema = z
  .object({ version: z.coerce.number(), message: z.record(z.string(), z.unknown()) })
  .transform(({ version, message }) => agentMessageSchema.parse({ ...message, version }));

const COLUMNS = "m.version, m.message";

/** Those that another message of their cause, or another version, keeps out are not in the answer. */
const ADD = `INSERT INTO live_orders.agent_messages AS m
    (id, version, trigger_name, order_id, position, state, stands, message)
  SELECT (e.value->>'id')::uuid, 0, e.value->'cause'->>'trigger', (e.value->'order'->>'id')::integer,
    e.value->'cause'->>'position', e.value->>'state', true, e.value
  FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS e (value, place)
  WHERE NOT EXISTS (SELECT FROM live_orders.agent_messages k
    WHERE k.trigger_name = e.value->'cause'->>'trigger' AND k.order_id = (e.value->'order'->>'id')::integer
      AND k.position = e.value->'cause'->>'position')
  ORDER BY e.place
  ON CONFLICT (trigger_name, order_id, position) DO NOTHING
  RETURNING ${COLUMNS}`;
const REPLACE = `SELECT ${COLUMNS} FROM live_orders.replace_messages($1::jsonb) m`;
const COUNTS = "SELECT state, count(*) AS count FROM live_orders.agent_messages GROUP BY state";
const LATEST = "SELECT coalesce(max(version), 0) AS latest FROM live_orders.agent_messages";
const SAVE_PLACE = `INSERT INTO live_orders.agent_readers AS r VALUES ($1, $2, $3, $4, clock_timestamp())
  ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, drafts_by = excluded.drafts_by,
    sends = excluded.sends, seen_at = excluded.seen_at`;
const READERS =
  "SELECT name, drafts_by, sends, seen_at FROM live_orders.agent_readers ORDER BY name LIMIT 100";

const countSchema = z.object({ state: messageStateSchema, count: z.coerce.number() });
const latestSchema = z.object({ latest: z.coerce.number() });
const placeSchema = z.object({ cursor: z.string() });
const readerSchema = z
  .object({ name: z.string(), drafts_by: z.string(), sends: z.boolean(), seen_at: z.date() })
  .transform((row) => ({ ...row, seen_at: row.seen_at.toISOString() }));

class PostgresMessageStore implements MessageStore {
  readonly #url: string;
  readonly #logger: StoreLogger;
  readonly #database: Database;
  readonly #wakeUp = new WakeUp();
  readonly #closing = new AbortController();
  #bell: Promise<void> | null = null;

  constructor(url: string, logger: StoreLogger) {
    this.#url = url;
    this.#logger = logger;
    this.#database = new Database(url, logger, POOL_SIZE);
  }

  async add(messages: readonly UnwrittenMessage[]): Promise<readonly AgentMessage[]> {
    if (messages.length === 0) return [];
    return this.#database.read(ADD, [JSON.stringify(messages)], rowSchema);
  }

  async replace(changes: readonly MessageChange[]): Promise<readonly (AgentMessage | null)[]> {
    const written = await this.#database.read(REPLACE, [JSON.stringify(changes)], rowSchema);
    const byId = new Map(written.map((message) => [message.id, message]));
    return changes.map(({ message }) => byId.get(message.id) ?? null);
  }

  async get(id: string): Promise<AgentMessage | null> {
    const [found] = await this.#find((values) => [`m.id = ${values.add(id)}`], "version", 1);
    return found ?? null;
  }

  page({ states, order, limit, before }: MessageQuery): Promise<readonly AgentMessage[]> {
    const where = (values: StatementValues) => [
      ...(states.length > 0 ? [`m.state = ANY (${values.add([...states])}::text[])`] : []),
      ...(order !== null ? [`m.order_id = ${values.add(order)}`] : []),
      ...(before !== null ? [`m.version < ${values.add(before)}`] : []),
    ];
    return this.#find(where, "version DESC", limit);
  }

  async counts(): Promise<MessageCounts> {
    const found = await this.#database.read(COUNTS, [], countSchema);
    const byState = new Map(found.map(({ state, count }) => [state, count]));
    const entries = MESSAGE_STATES.map((state): [MessageState, number] => [state, byState.get(state) ?? 0]);
    return Object.fromEntries(entries) as MessageCounts;
  }

  changes(after: number, limit: number): Promise<readonly AgentMessage[]> {
    return this.#find((values) => [`m.version > ${values.add(after)}`], "version", limit);
  }

  standing(orderIds: readonly number[]): Promise<readonly AgentMessage[]> {
    const where = (values: StatementValues) => [
      `m.order_id = ANY (${values.add([...orderIds])}::integer[])`,
      "m.stands",
    ];
    return this.#find(where, "version", null);
  }

  oldest(state: MessageState, limit: number): Promise<readonly AgentMessage[]> {
    return this.#find((values) => [`m.state = ${values.add(state)}`], "version", limit);
  }

  async latest(): Promise<number> {
    const [row] = await this.#database.read(LATEST, [], latestSchema);
    return row?.latest ?? 0;
  }

  async readPlace(reader: string): Promise<Cursor | null> {
    const text = "SELECT cursor FROM live_orders.agent_readers WHERE name = $1";
    const [row] = await this.#database.read(text, [reader], placeSchema);
    return row?.cursor ?? null;
  }

  async savePlace(reader: string, { cursor, drafts_by, sends }: ReaderPlace): Promise<void> {
    await this.#database.read(SAVE_PLACE, [reader, cursor, drafts_by, sends], z.unknown());
  }

  readers(): Promise<readonly MessageReader[]> {
    return this.#database.read(READERS, [], readerSchema);
  }

  changed(): WakeUp {
    this.#bell ??= ringForMessages(this.#url, this.#wakeUp, this.#logger, this.#closing.signal);
    return this.#wakeUp;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#bell;
    await this.#database.close();
  }

  #find(
    where: (values: StatementValues) => readonly string[],
    order: "version" | "version DESC",
    limit: number | null,
  ): Promise<AgentMessage[]> {
    const values = new StatementValues();
    const conditions = ["true", ...where(values)].join(" AND ");
    const text = `SELECT ${COLUMNS} FROM live_orders.agent_messages m
      WHERE ${conditions} ORDER BY m.${order} LIMIT ${values.add(limit)}`;
    return this.#database.read(text, values.all, rowSchema);
  }
}
