import { once } from "node:events";
import type { Socket } from "node:net";
import type { LineConditions } from "./tcp-line.ts";

type Item = { kind: "bytes"; bytes: Buffer; sentAt: number } | { kind: "end" } | { kind: "reset" };

/** Bytes of one direction that are on their way at most; beyond it the sender is not read from. */
const WINDOW_BYTES = 256 * 1024;
/** A throttled direction passes this many slices a second. */
const SLICES_PER_SECOND = 50;

/** Carries one direction, in order, under the line's conditions. Resolves at its end, or when `signal` aborts. */
export async function carry(
  from: Socket,
  to: Socket,
  line: LineConditions,
  signal: AbortSignal,
): Promise<void> {
  const inbox = new Inbox(from, signal);
  try {
    for (;;) {
      const item = await inbox.next();
      if (item.kind === "bytes") await deliver(item, to, line, signal);
      await line.whenOpen(signal);
      if (item.kind === "reset") return void to.resetAndDestroy();
      if (item.kind === "end") return void to.end();
      inbox.took(item.bytes.length);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function deliver(
  item: { bytes: Buffer; sentAt: number },
  to: Socket,
  line: LineConditions,
  signal: AbortSignal,
): Promise<void> {
  await waitUntilDue(item.sentAt, line, signal);
  let rest = item.bytes;
  while (rest.length > 0) {
    await line.whenOpen(signal);
    const slice = rest.subarray(0, sliceBytes(line));
    rest = rest.subarray(slice.length);
    await write(to, slice, signal);
    if (line.bytesPerSecond !== Infinity) {
      await line.pause((slice.length / line.bytesPerSecond) * 1000, signal);
    }
  }
}

async function waitUntilDue(sentAt: number, line: LineConditions, signal: AbortSignal): Promise<void> {
  for (;;) {
    const wait = sentAt + line.delayMs - performance.now();
    if (wait <= 0) return;
    await line.pause(wait, signal);
  }
}

function sliceBytes(line: LineConditions): number {
  return line.bytesPerSecond === Infinity ? Infinity : Math.max(1, line.bytesPerSecond / SLICES_PER_SECOND);
}

async function write(to: Socket, bytes: Buffer, signal: AbortSignal): Promise<void> {
  if (to.destroyed || to.writableEnded || to.write(bytes)) return;
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  try {
    // A socket that is closed never drains.
    await Promise.race([once(to, "drain", { signal: either }), once(to, "close", { signal: either })]);
  } catch (error) {
    // A socket that failed: the direction that reads from it tells of the reset.
    if (signal.aborted) throw error;
  } finally {
    settled.abort();
  }
}

/** What a socket has sent and nobody has taken yet. */
class Inbox {
  readonly #from: Socket;
  readonly #signal: AbortSignal;
  readonly #items: Item[] = [];
  #bytes = 0;
  #wake: () => void = () => undefined;

  constructor(from: Socket, signal: AbortSignal) {
    this.#from = from;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    from.on("data", (bytes) => this.#add({ kind: "bytes", bytes, sentAt: performance.now() }));
    from.once("end", () => this.#add({ kind: "end" }));
    // More than one may come: the second would end the process.
    from.on("error", () => this.#add({ kind: "reset" }));
  }

  #add(item: Item): void {
    this.#items.push(item);
    if (item.kind === "bytes") this.#bytes += item.bytes.length;
    if (this.#bytes > WINDOW_BYTES) this.#from.pause();
    this.#wake();
  }

  took(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes <= WINDOW_BYTES && this.#from.isPaused()) this.#from.resume();
  }

  /** Rejects when the signal aborts. */
  async next(): Promise<Item> {
    for (;;) {
      this.#signal.throwIfAborted();
      const item = this.#items.shift();
      if (item) return item;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
