/** A process of clients, so that their work is not the server's or the writer's. */
import { statusSchema } from "@live-orders/protocol/status";
import { z } from "zod";
import { answerQuestions } from "../asked-process.ts";
import { machineMs } from "../machine-clock.ts";
import { ClientLog, type ClientCount } from "./client-log.ts";
import { DIALECTS, type DialectName, type Wish } from "./dialect.ts";
import { type OpenClient, OPENERS } from "./open-client.ts";

const questionSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("open"),
    port: z.int(),
    dialect: z.enum(DIALECTS),
    /** What each client watches; they are dealt out one after the other. */
    watched: z.array(z.array(statusSchema).min(1)).min(1),
    clients: z.int().min(1).max(20_000),
  }),
  z.object({ kind: z.literal("begin") }),
  z.object({ kind: z.literal("seen") }),
  z.object({ kind: z.literal("cut") }),
  z.object({ kind: z.literal("come-back"), expected: z.array(z.number()) }),
]);
export type ClientsQuestion = z.infer<typeof questionSchema>;

/** Connections under way at once: a listening socket's queue is short. */
const AT_ONCE = 100;

interface Place {
  readonly wish: Wish;
  readonly count: ClientCount;
  readonly take: (payload: Buffer) => void;
  line: OpenClient | null;
  /** Where it was cut off. */
  cursor: string | null;
}

let port = 0;
let dialect: DialectName = "socket-io";
let log = new ClientLog(OPENERS[dialect].read, 1);
let places: Place[] = [];

async function connectAll(): Promise<void> {
  const waiting = places.values();
  const connectNext = async (): Promise<void> => {
    for (const place of waiting) {
      const wish = { ...place.wish, after: place.cursor };
      place.line = await OPENERS[dialect].open({ port, wish, take: place.take });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, connectNext));
}

async function obey(asked: ClientsQuestion): Promise<object> {
  switch (asked.kind) {
    case "open": {
      ({ port, dialect } = asked);
      log = new ClientLog(OPENERS[dialect].read, asked.clients);
      places = Array.from({ length: asked.clients }, (_, index) => {
        const statuses = asked.watched[index % asked.watched.length] ?? [];
        return { wish: { statuses, after: null }, ...log.add(), line: null, cursor: null };
      });
      await connectAll();
      return {};
    }
    case "begin":
      log.begin();
      return {};
    case "seen":
      return log.seen();
    case "cut":
      cut();
      return {};
    case "come-back":
      return { ms: await comeBack(asked.expected) };
  }
}

const LOOK_MS = 5;
const GIVE_UP_MS = 60_000;

function cut(): void {
  for (const place of places) {
    place.line?.close();
    place.cursor = place.count.cursor;
  }
}

/**
 * All connect again from where they were cut off; may be repeated.
 *
 * @param expected how many changes each kind of client will have been told since `begin`, in the order of `watched`
 * @returns how long it took until the last one had them, in ms
 */
async function comeBack(expected: readonly number[]): Promise<number> {
  for (const { line } of places) line?.close();
  const began = machineMs();
  await connectAll();
  while (places.some(({ count }, index) => count.received < (expected[index % expected.length] ?? 0))) {
    if (machineMs() - began > GIVE_UP_MS) throw new Error("The clients did not catch up");
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return machineMs() - began;
}

answerQuestions((question) => obey(questionSchema.parse(question)));
