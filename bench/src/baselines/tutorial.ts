/** The usual tutorial's server: every change event, looked up, to everyone. */
import express from "express";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { listenForBench } from "./listening.ts";
import { connectOrders, onChange } from "./tutorial-order.ts";

const server = createServer(express());
const io = new Server(server);
await connectOrders();
onChange((event) => io.emit("change", event));
await listenForBench(server);
