import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { OpenReader, Reader, ReaderParts } from "./reader.ts";
import { stampsOfChanges, stampsOfRows } from "./stamp.ts";

/** As the page polls. In milliseconds. */
const INTERVAL = 2000;

class RefusedError extends Error {}

const batchSchema = z.object({ changes: z.array(z.unknown()), cursor: z.string() });

/** `GET /api/changes?wait=25`, again as soon as it is answered. */
export const openLongPollReader: OpenReader = (parts) => openChangesReader(parts, "&wait=25", 0);

/** `GET /api/changes` every two seconds. */
export const openPollReader: OpenReader = (parts) => openChangesReader(parts, "", INTERVAL);

/** `GET /api/orders` every two seconds: what has changed is for the reader to find out. */
export const openTablePollReader: OpenReader = (parts) => {
  const take = parts.tally.sample();
  let newest = 0;
  let before = "";
  return poll(parts, INTERVAL, async (signal) => {
    const text = await read(parts, "/api/orders", signal);
    const rows = text.slice(0, text.lastIndexOf("]"));
    if (rows === before) parts.tally.empty += 1;
    before = rows;
    if (take === null) return;
    const news = stampsOfRows(rows).filter((stamp) => stamp > newest);
    newest = Math.max(newest, ...news);
    take(news);
  });
};

async function openChangesReader(parts: ReaderParts, wait: string, interval: number): Promise<Reader> {
  const take = parts.tally.sample();
  let { cursor } = batchSchema.parse(
    JSON.parse(await read(parts, "/api/changes", AbortSignal.timeout(30_000))),
  );
  return poll(parts, interval, async (signal) => {
    const text = await read(parts, `/api/changes?after=${encodeURIComponent(cursor)}${wait}`, signal);
    const batch = batchSchema.parse(JSON.parse(text));
    cursor = batch.cursor;
    if (batch.changes.length === 0) parts.tally.empty += 1;
    take?.(stampsOfChanges(text));
  });
}

/**
 * Asks again and again; readers begin spread over the interval, as those of people are. A request that an overloaded
 * server refuses was in vain, and is made again at the next turn.
 */
function poll(
  { tally }: ReaderParts,
  interval: number,
  ask: (signal: AbortSignal) => Promise<void>,
): Promise<Reader> {
  const stop = new AbortController();
  const run = async () => {
    await delay(Math.random() * interval);
    while (!stop.signal.aborted) {
      try {
        await ask(stop.signal);
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        tally.empty += 1;
      }
      await delay(interval);
    }
  };
  run().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return Promise.resolve({
    close: () => {
      stop.abort();
    },
  });
}

function read({ url, agent, tally }: ReaderParts, path: string, signal: AbortSignal): Promise<string> {
  tally.requests += 1;
  return new Promise((resolve, reject) => {
    const request = get(`${url}${path}`, { agent, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new RefusedError(`${path} answered ${response.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    request.on("error", reject);
  });
}
