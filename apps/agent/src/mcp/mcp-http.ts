import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { refusal } from "../ask/local-caller.ts";
import { readJson } from "../ask/request-body.ts";

/** In bytes. */
const MAX_BODY = 64 * 1024;
const MAX_REQUESTS = 32;

/** MCP over HTTP at `/mcp`, without sessions: each request stands alone, so nothing is kept for who went away. */
export function mcpHttp(create: () => McpServer): Server {
  let requests = 0;
  return createServer((request, response) => {
    const why = refusal(request);
    if (why !== null) return end(response, 403, why);
    if (request.url !== "/mcp") return end(response, 404, "There is only /mcp");
    if (request.method !== "POST") return end(response, 405, "Only POST: there are no sessions");
    if (requests >= MAX_REQUESTS) return end(response, 429, "Too many requests at once");
    requests += 1;
    response.once("close", () => (requests -= 1));
    serve(create(), request, response).catch(() => response.destroy());
  });
}

async function serve(server: McpServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readJson(request, MAX_BODY);
  if (body === undefined) return end(response, 400, "The body must be JSON of at most 64 KiB");
  const transport = new StreamableHTTPServerTransport({});
  response.once("close", () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response, body);
}

const end = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { "Content-Type": "text/plain", Connection: "close" }).end(text);
};
