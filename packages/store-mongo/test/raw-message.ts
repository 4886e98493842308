import { once } from "node:events";
import { connect } from "node:net";
import { BSON, type Document } from "mongodb";

const OP_MSG = 2013;
const HEADER = 16;

/**
 * Sends one command without a driver, which would write every text as UTF-8: each `##` in it goes out as two bytes that
 * are none. (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/)
 */
export async function sendSpoiled(host: string, command: Document): Promise<Document> {
  const [address, port] = host.split(":");
  const socket = connect({ host: address ?? "", port: Number(port) });
  try {
    socket.write(message(spoil(Buffer.from(BSON.serialize(command)))));
    let answer = Buffer.alloc(0);
    while (answer.length < HEADER || answer.length < answer.readInt32LE(0)) {
      const data: unknown[] = await once(socket, "data");
      const [chunk] = data;
      if (Buffer.isBuffer(chunk)) answer = Buffer.concat([answer, chunk]);
    }
    return BSON.deserialize(answer.subarray(HEADER + 5));
  } finally {
    socket.destroy();
  }
}

function spoil(bytes: Buffer): Buffer {
  for (let at = bytes.indexOf("##"); at >= 0; at = bytes.indexOf("##")) bytes.set([0xff, 0xc0], at);
  return bytes;
}

function message(body: Buffer): Buffer {
  const head = Buffer.alloc(HEADER + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}
