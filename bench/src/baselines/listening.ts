import { once } from "node:events";
import type { Server } from "node:http";

/** The database that the bench gave. */
export function databaseUri(): string {
  const uri = process.env["DATABASE_URL"];
  if (uri === undefined) throw new Error("DATABASE_URL is missing");
  return uri;
}

/** Listens on any free port, tells the bench which, and ends with it. */
export async function listenForBench(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1", 4096);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server has no TCP address");
  process.on("disconnect", () => process.exit(0));
  process.send?.({ port: address.port });
}
