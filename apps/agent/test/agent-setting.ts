import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createOrdersApi, type OrdersApi } from "@live-orders/client/orders-api";
import { agentMessageSchema, type AgentMessage } from "@live-orders/protocol/agent-message";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import { startApi, type ApiProcess } from "@live-orders/testkit/api-process";
import { useMongo } from "@live-orders/testkit/use-mongo";
import type { Collection, Document } from "mongodb";
import { afterAll, afterEach, beforeAll } from "vitest";
import { startAgentProcess, type AgentProcess } from "@live-orders/testkit/agent-process";

type Rows = Collection<Document & { _id: string | number }>;

interface AgentSetting {
  readonly api: OrdersApi;
  readonly server: ApiProcess;
  readonly databaseUrl: string;
  /** Starts an agent on it, which is gone after the test. */
  startAgent(env?: Readonly<Record<string, string>>): AgentProcess;
  /** Writes a file for the agents, and gives its path. */
  file(name: string, text: string): Promise<string>;
  messages(): Promise<AgentMessage[]>;
  rows(name: "agent_messages" | "agent_readers" | "orders"): Rows;
  createOrders(count: number, status: Status): Promise<readonly Order[]>;
}

/** A server on a replica set for a test file; no orders and no messages at each test's end. */
export function useAgentSetting(): AgentSetting {
  const mongo = useMongo();
  const agents = new Set<AgentProcess>();
  let server: ApiProcess | undefined;
  let folder = "";
  const started = (): ApiProcess => {
    if (server === undefined) throw new Error("useAgentSetting: the server runs from beforeAll to afterAll");
    return server;
  };
  const databaseUrl = () => withDatabase(mongo.uri);
  const rows: AgentSetting["rows"] = (name) => mongo.client.db("live_orders").collection(name);
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "live-orders-agent-"));
    server = await startApi({ DATABASE_URL: databaseUrl() });
  }, 120_000);
  afterEach(async () => {
    await Promise.all([...agents].map((agent) => agent.kill("SIGKILL")));
    agents.clear();
    await rows("orders").deleteMany({});
    await rows("agent_messages").deleteMany({ _id: { $ne: "versions" } });
    await rows("agent_readers").deleteMany({});
  });
  afterAll(async () => {
    await server?.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  const api = () => createOrdersApi({ baseUrl: started().url });
  return {
    get api() {
      return api();
    },
    get server() {
      return started();
    },
    get databaseUrl() {
      return databaseUrl();
    },
    rows,
    startAgent: (env = {}) => {
      const agent = startAgentProcess({
        DATABASE_URL: databaseUrl(),
        LIVE_ORDERS_URL: started().url,
        AGENT_SWEEP_SECONDS: "1",
        ...env,
      });
      agents.add(agent);
      return agent;
    },
    file: async (name, text) => {
      const place = path.join(folder, name);
      await writeFile(place, text);
      return place;
    },
    messages: () => storedMessages(rows("agent_messages")),
    createOrders: (count, status) => createOrders(api(), count, status),
  };
}

function withDatabase(uri: string): string {
  const url = new URL(uri);
  url.pathname = "/live_orders";
  return url.href;
}

async function storedMessages(rows: Rows): Promise<AgentMessage[]> {
  const found = await rows
    .find({ version: { $exists: true } })
    .sort({ version: 1 })
    .toArray();
  return found.map(({ _id, ...fields }) => agentMessageSchema.parse({ id: _id, ...fields }));
}

async function createOrders(api: OrdersApi, count: number, status: Status): Promise<readonly Order[]> {
  const operations = Array.from({ length: count }, (_, index) => ({
    op: "create" as const,
    order: { customer_name: `Customer ${index}`, product_name: "Bookcase", status },
  }));
  const answer = await api.bulk(operations);
  if (!answer.ok) throw new Error(answer.error.kind);
  return answer.value.results.flatMap(({ order }) => (order === undefined ? [] : [order]));
}
