import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { z } from "zod";

/** What the server does with one call. */
export type Reply =
  | { readonly kind: "text"; readonly text: string }
  /** `args` are sent as they are: JSON or not. */
  | { readonly kind: "tools"; readonly calls: readonly { readonly name: string; readonly args: string }[] }
  | { readonly kind: "status"; readonly status: number; readonly headers?: Record<string, string> }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Begins, and then never goes on. */
  | { readonly kind: "stall"; readonly text: string }
  /** The connection breaks in the midst of the answer. */
  | { readonly kind: "cut"; readonly text: string }
  /** The stream ends well, but not the answer. */
  | { readonly kind: "unfinished"; readonly text: string }
  | { readonly kind: "raw"; readonly body: string; readonly type?: string }
  | { readonly kind: "length"; readonly text: string }
  /** Text without end. */
  | { readonly kind: "flood" };

const bodySchema = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).default([]),
});

interface SeenCall {
  readonly body: z.output<typeof bodySchema>;
  readonly authorization: string | undefined;
}

/** Decides by what it is asked; `call` counts from 0 in each test. */
type Script = (seen: SeenCall, call: number) => Reply;

export const says = (text: string): Reply => ({ kind: "text", text });
export const uses = (name: string, input: unknown = {}): Reply => ({
  kind: "tools",
  calls: [{ name, args: JSON.stringify(input) }],
});

export interface ScriptedModel {
  readonly baseUrl: string;
  readonly calls: readonly SeenCall[];
  /** For this test. */
  follow(script: Script): void;
}

/** A server of OpenAI's kind, over real HTTP, that does as it is told. */
export function useScriptedModel(): ScriptedModel {
  let script: Script = () => ({ kind: "status", status: 500 });
  const calls: SeenCall[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const seen = { body: bodySchema.parse(JSON.parse(text)), authorization: request.headers.authorization };
      calls.push(seen);
      reply(response, script(seen, calls.length - 1));
    });
  });
  beforeAll(() => listening(server));
  beforeEach(() => {
    calls.length = 0;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    get baseUrl() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    },
    calls,
    follow: (next) => (script = next),
  };
}

const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const delta = (fields: object, finish: string | null = null): string =>
  event({
    id: "c",
    object: "chat.completion.chunk",
    created: 0,
    model: "m",
    choices: [{ index: 0, delta: fields, finish_reason: finish }],
  });
/** A few characters at a time, as models do. */
const words = (text: string): readonly string[] =>
  (text.match(/[\s\S]{1,7}/gu) ?? []).map((content) => delta({ content }));
const USAGE = event({
  id: "c",
  choices: [],
  usage: { prompt_tokens: 70, completion_tokens: 30, total_tokens: 100 },
});
const DONE = "data: [DONE]\n\n";

function reply(response: ServerResponse, what: Reply): void {
  if (what.kind === "hang") return;
  if (what.kind === "status") {
    response.writeHead(what.status, { "content-type": "application/json", ...what.headers });
    response.end(JSON.stringify({ error: { message: "sk-secret is not right; see http://evil.example" } }));
    return;
  }
  if (what.kind === "raw") {
    response.writeHead(200, { "content-type": what.type ?? "text/event-stream" });
    response.end(what.body);
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (what.kind === "flood") {
    flood(response);
    return;
  }
  if (what.kind === "tools") {
    const tool_calls = what.calls.map(({ name, args }, index) => ({
      index,
      id: `call-${Math.random().toString(36).slice(2)}`,
      type: "function",
      function: { name, arguments: args },
    }));
    response.end(delta({ role: "assistant", tool_calls }) + delta({}, "tool_calls") + USAGE + DONE);
    return;
  }
  for (const word of words(what.text)) response.write(word);
  if (what.kind === "stall") return;
  if (what.kind === "cut") setTimeout(() => response.destroy(), 20);
  else if (what.kind === "unfinished") response.end();
  else response.end(delta({}, what.kind === "length" ? "length" : "stop") + USAGE + DONE);
}

function flood(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(delta({ content: "and so on ".repeat(50) })));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}
