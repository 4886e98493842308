/** A process of readers, so that their work is not the server's or the writer's. Told what to do by its parent. */
import { z } from "zod";
import { CountingAgent } from "./counting-agent.ts";
import { openLongPollReader, openPollReader, openTablePollReader } from "./poll-readers.ts";
import { type OpenReader, TRANSPORTS, type TransportName } from "./reader.ts";
import { openSocketIoReader } from "./socket-io-reader.ts";
import { openSseReader } from "./sse-reader.ts";
import { Tally } from "./tally.ts";

const orderSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("open"),
    url: z.string(),
    transport: z.enum(TRANSPORTS),
    clients: z.int().min(1).max(10_000),
  }),
  z.object({ kind: z.literal("begin") }),
  z.object({ kind: z.literal("count") }),
  z.object({ kind: z.literal("seen") }),
]);
export type ReadersOrder = z.infer<typeof orderSchema>;

const OPENERS: Readonly<Record<TransportName, OpenReader>> = {
  "socket-io": openSocketIoReader,
  sse: openSseReader,
  "long-poll": openLongPollReader,
  poll: openPollReader,
  "table-poll": openTablePollReader,
};

/** Openings under way at once: a listening socket's queue is short. */
const AT_ONCE = 50;

const agent = new CountingAgent();
const tally = new Tally();
let bytesAtBegin = 0;

async function open(url: string, transport: TransportName, clients: number): Promise<void> {
  for (let opened = 0; opened < clients; opened += AT_ONCE) {
    const some = Math.min(AT_ONCE, clients - opened);
    const parts = { url, agent, tally };
    await Promise.all(Array.from({ length: some }, () => OPENERS[transport](parts)));
  }
}

async function obey(order: ReadersOrder): Promise<unknown> {
  switch (order.kind) {
    case "open":
      await open(order.url, order.transport, order.clients);
      return {};
    case "begin":
      tally.begin();
      bytesAtBegin = agent.bytes();
      return {};
    case "count":
      return { requests: tally.requests, empty: tally.empty, bytes: agent.bytes() - bytesAtBegin };
    case "seen": {
      const { latencies, samples } = tally.seen();
      return { latencies, samples };
    }
  }
}

process.on("message", (message) => {
  obey(orderSchema.parse(message)).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
