import { setTimeout as delay } from "node:timers/promises";
import { once } from "node:events";
import { messageStreamQuerySchema, type MessageBatch } from "@live-orders/protocol/http-agent";
import type { MessageStore } from "@live-orders/store/message-store";
import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import { inTime } from "../http/deadline.ts";
import { ProblemError } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";
import { STREAM_HEADERS } from "../transports/event-stream.ts";
import { decodeVersion, encodeVersion } from "./message-cursor.ts";

/** Each reads the database for itself when the bell rings. */
const MAX_READERS = 200;
const BATCH = 100;
/** A burst of changes is one batch. In milliseconds. */
const COLLECT_MS = 50;
/** Also without the bell it looks this often, and keeps a quiet connection from being ended. In milliseconds. */
const COMMENT_MS = 15_000;
const RETRY_MS = 1_000;

export interface MessageStreams {
  readonly handler: RequestHandler;
  /** Ends them all. */
  stop(): void;
}

/**
 * `GET /api/agent/messages/stream`: every message that changes, each as it stands, from a cursor on. The versions are
 * the feed: a reader that is slow, or was away, gets what changed since, and nothing is kept for it.
 */
export function messageStreams(messages: MessageStore, log: Logger): MessageStreams {
  const stopping = new AbortController();
  let readers = 0;
  const handler: RequestHandler = async (request, response) => {
    const after = await beginning(messages, request);
    if (request.method === "HEAD") return void response.writeHead(200, STREAM_HEADERS).end();
    if (readers >= MAX_READERS)
      throw new ProblemError("rate-limited", { detail: "Too many readers: try again" });
    readers += 1;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      await stream(messages, after, response, AbortSignal.any([stopping.signal, gone.signal]));
    } catch (error) {
      if (!response.headersSent) throw error;
      // The reader comes back from its cursor.
      log.debug({ err: error }, "a stream of messages ended");
    } finally {
      readers -= 1;
      response.end();
    }
  };
  return { handler, stop: () => stopping.abort() };
}

/** A browser that comes back sends the last `id` that it saw. Neither: from now on. */
async function beginning(messages: MessageStore, request: Request): Promise<number> {
  const { after } = readQuery(request, messageStreamQuerySchema);
  const header = request.headers["last-event-id"];
  if (typeof header === "string" && header !== "") return decodeVersion(header, "Last-Event-ID");
  return after === undefined ? inTime(messages.latest()) : decodeVersion(after, "after");
}

async function stream(
  messages: MessageStore,
  beginning: number,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  const wakeUp = messages.changed();
  let after = beginning;
  let isFirst = true;
  while (!signal.aborted) {
    const seen = wakeUp.count;
    const changed = await inTime(messages.changes(after, BATCH));
    after = changed.at(-1)?.version ?? after;
    if (isFirst) response.writeHead(200, STREAM_HEADERS).write(`retry: ${RETRY_MS}\n\n`);
    if (isFirst || changed.length > 0) {
      const counts = await inTime(messages.counts());
      await send(response, { messages: [...changed], counts, cursor: encodeVersion(after) }, signal);
    } else if (response.writableLength === 0) response.write(":\n\n");
    isFirst = false;
    if (changed.length === BATCH) continue;
    await wakeUp.after(seen, COMMENT_MS, signal);
    await delay(COLLECT_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Resolves when the reader has taken most of it. */
async function send(response: Response, batch: MessageBatch, signal: AbortSignal): Promise<void> {
  const frame = `id: ${batch.cursor}\nevent: messages\ndata: ${JSON.stringify(batch)}\n\n`;
  if (signal.aborted || response.write(frame)) return;
  await once(response, "drain", { signal }).catch(() => undefined);
}
