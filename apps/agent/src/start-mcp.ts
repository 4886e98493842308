import { createOrdersApi } from "@live-orders/client/orders-api";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { once } from "node:events";
import { listenLocally } from "./ask/listening.ts";
import { readConfig } from "./config.ts";
import { mcpHttp } from "./mcp/mcp-http.ts";
import { mcpServer } from "./mcp/mcp-server.ts";
import { StartupError } from "./startup-error.ts";

/**
 * Serves MCP until the signal aborts, or its input ends: on standard input and output, or over HTTP on loopback. It needs
 * no database, only the server.
 *
 * @throws StartupError
 */
export async function startMcp(
  env: NodeJS.ProcessEnv,
  way: "stdio" | "http",
  signal: AbortSignal,
): Promise<void> {
  const { serverUrl, mcpPort } = readConfig(env);
  const api = createOrdersApi({ baseUrl: serverUrl });
  if (way === "stdio") {
    const server = mcpServer(api);
    await server.connect(new StdioServerTransport());
    await Promise.race([once(signal, "abort"), once(process.stdin, "end")]);
    await server.close();
    return;
  }
  const server = mcpHttp(() => mcpServer(api));
  const port = await listenLocally(server, mcpPort);
  if (port === null) throw new StartupError(`Port ${mcpPort} is taken: set MCP_PORT to another.`);
  process.stderr.write(`MCP at http://127.0.0.1:${port}/mcp, about ${serverUrl}\n`);
  await once(signal, "abort");
  server.close();
  server.closeAllConnections();
}
