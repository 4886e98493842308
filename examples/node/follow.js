// Every change of the orders by Socket.IO, a line each; after a cut it goes on from the last cursor.
import { io } from "socket.io-client";

const socket = io(process.argv[2] ?? "http://127.0.0.1:3000", { transports: ["websocket"] });
let cursor;

socket.on("connect", () => {
  const watch = { statuses: ["pending", "shipped", "delivered"], after: cursor };
  socket.emit("watch", watch, (ack) => {
    if (!ack.ok) throw new Error(ack.problem.detail);
    cursor = ack.cursor;
    console.error(ack.reset === undefined ? `live, ${ack.replayed} caught up` : `reset: ${ack.reset}`);
  });
});
socket.on("changes", (batch) => {
  for (const { op, id, before, after } of batch.changes)
    console.log(`${op} #${id} ${before?.status ?? "·"} → ${after?.status ?? "·"}`);
  cursor = batch.cursor;
});
socket.on("reset", (reset) => (cursor = reset.cursor));
