import { z } from "zod";

/** The ways to carry the feed, the best first: the order in which they are tried. */
export const transportNameSchema = z.enum(["socket.io", "sse", "long-poll", "poll"]);
export type TransportName = z.infer<typeof transportNameSchema>;
export const TRANSPORT_NAMES = transportNameSchema.options;

/** What a person may choose; `auto`: the first that the network lets through. */
export type TransportChoice = TransportName | "auto";
