/** The server of a page that polls: the newest orders, read for each request. */
import express from "express";
import { createServer } from "node:http";
import { listenForBench } from "./listening.ts";
import { connectOrders, Order } from "./tutorial-order.ts";

const PAGE = 100;

const app = express();
app.get("/orders", async (_request, response) => {
  response.json(await Order.find().sort({ updated_at: -1 }).limit(PAGE));
});
await connectOrders();
await listenForBench(createServer(app));
