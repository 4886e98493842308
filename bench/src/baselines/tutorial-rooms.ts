/** The tutorial's server with a room for each status; that of a deleted order is not known any more. */
import express from "express";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { listenForBench } from "./listening.ts";
import { connectOrders, onChange } from "./tutorial-order.ts";

interface ClientEvents {
  join: (statuses: string[]) => void;
}

interface ServerEvents {
  change: (event: unknown) => void;
}

const server = createServer(express());
const io = new Server<ClientEvents, ServerEvents>(server);
io.on("connection", (socket) => {
  socket.on("join", (statuses) => void socket.join(statuses));
});
await connectOrders();
onChange((event) => {
  if (event.operationType === "delete") io.emit("change", event);
  else if (event.fullDocument) io.to(event.fullDocument.status).emit("change", event);
});
await listenForBench(server);
