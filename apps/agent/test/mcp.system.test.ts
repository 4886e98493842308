import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, describe, expect, it } from "vitest";
import { useAgentSetting } from "./agent-setting.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const MAIN = ["--import", "tsx", "apps/agent/src/main.ts", "--mcp"];
const setting = useAgentSetting();

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const envOf = () =>
  ({ ...process.env, LIVE_ORDERS_URL: setting.server.url, MCP_PORT: "0" }) as Record<string, string>;

async function byStdio(): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  open.push(client);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: MAIN,
    cwd: ROOT,
    env: envOf(),
  });
  await client.connect(transport);
  return client;
}

async function startHttp(): Promise<URL> {
  const child: ChildProcess = spawn(process.execPath, [...MAIN, "--http"], {
    cwd: ROOT,
    env: envOf(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  open.push({
    close: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  });
  for await (const chunk of child.stderr ?? []) {
    const url = /http:\S+\/mcp/.exec(String(chunk))?.[0];
    if (url !== undefined) return new URL(url);
  }
  throw new Error("it did not start");
}

async function byHttp(): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const url = await startHttp();
  open.push(client);
  await client.connect(new StreamableHTTPClientTransport(url));
  return client;
}

const outputOf = async (client: Client, name: string, input: Record<string, unknown>) =>
  (await client.callTool({ name, arguments: input })).structuredContent as Record<string, unknown>;

describe.each([
  ["standard input and output", byStdio],
  ["streamable HTTP", byHttp],
])("MCP over %s", (_, connect) => {
  it("offers the tools that read, and no other", async () => {
    const { tools } = await (await connect()).listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      "count_orders",
      "find_orders",
      "order_history",
      "recent_changes",
      "wait_for_change",
    ]);
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
  });

  it("reads orders by tools, and one as a resource", async () => {
    const [order] = await setting.createOrders(3, "pending");
    const client = await connect();
    expect(await outputOf(client, "count_orders", {})).toMatchObject({ total: 3 });
    expect(await outputOf(client, "find_orders", { text: "Customer 0" })).toMatchObject({
      orders: [{ id: order?.id, customer_name: "Customer 0" }],
    });
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates[0]?.uriTemplate).toBe("orders://{id}");
    const { contents } = await client.readResource({ uri: `orders://${order?.id}` });
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({ order: { id: order?.id } });
    await expect(client.readResource({ uri: "orders://999999" })).rejects.toThrow(/no order/);
    const wrong = await client.callTool({ name: "find_orders", arguments: { limit: 1000 } });
    expect(wrong.isError).toBe(true);
  });

  it("waits for changes by cursor: none is missed, it ends at the first, and what is no cursor is refused", async () => {
    const client = await connect();
    const start = await outputOf(client, "wait_for_change", { wait_seconds: 0 });
    expect(start).toMatchObject({ changes: [], reset: null });
    const [order] = await setting.createOrders(2, "pending");
    const missed = await outputOf(client, "wait_for_change", { after: start["cursor"], limit: 1 });
    expect(missed).toMatchObject({ changes: [{ id: order?.id, deed: "created" }], more: true });
    const rest = await outputOf(client, "wait_for_change", { after: missed["cursor"], wait_seconds: 5 });
    expect(rest).toMatchObject({ changes: [{ deed: "created" }], more: false });
    const waiting = outputOf(client, "wait_for_change", { after: rest["cursor"], wait_seconds: 20 });
    await setting.api.patch(order?.id ?? 0, { status: "shipped" });
    expect(await waiting).toMatchObject({ changes: [{ id: order?.id, from: "pending", to: "shipped" }] });
    const cursor = String(rest["cursor"]);
    const bad = await client.callTool({ name: "wait_for_change", arguments: { after: `${cursor}x` } });
    expect(bad.isError).toBe(true);
  });
});

it("MCP over HTTP is for this machine alone", async () => {
  const url = await startHttp();
  const post = (headers: Record<string, string>) =>
    fetch(url, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: "{}" });
  expect((await post({ Origin: "https://example.org" })).status).toBe(403);
  expect((await fetch(url)).status).toBe(405);
  expect((await fetch(new URL("/other", url))).status).toBe(404);
});
