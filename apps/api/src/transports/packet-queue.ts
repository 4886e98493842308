import type { Socket } from "socket.io";
import { z } from "zod";

/** What Engine.IO tells of a packet that it queues; a broadcast's frame is made once and shared. */
const packetSchema = z.object({
  data: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  options: z.object({ wsPreEncodedFrame: z.array(z.instanceof(Uint8Array)).optional() }).optional(),
});

/** The `ws` connection below an Engine.IO transport. */
const connectionSchema = z.object({ bufferedAmount: z.number() });

/**
 * The bytes that wait for one connection. Socket.IO has no back-pressure: while a connection does not take what it was
 * sent, Engine.IO queues packets without a bound. They go over to the connection together, which then has its own count.
 */
export class PacketQueue {
  readonly #connection: Socket["conn"];
  #queued = 0;

  constructor(connection: Socket["conn"]) {
    this.#connection = connection;
    connection.on("packetCreate", (packet: unknown) => {
      this.#queued += sizeOf(packet);
    });
    connection.on("flush", () => {
      this.#queued = 0;
    });
  }

  get bytes(): number {
    const { transport } = this.#connection;
    const connection = connectionSchema.safeParse("socket" in transport ? transport.socket : null);
    return this.#queued + (connection.success ? connection.data.bufferedAmount : 0);
  }
}

function sizeOf(packet: unknown): number {
  const parsed = packetSchema.safeParse(packet);
  if (!parsed.success) return 0;
  const { data, options } = parsed.data;
  const frame = options?.wsPreEncodedFrame;
  if (frame !== undefined) return frame.reduce((bytes, part) => bytes + part.length, 0);
  return typeof data === "string" ? Buffer.byteLength(data) : (data?.length ?? 0);
}
