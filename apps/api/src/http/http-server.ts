import { createServer, type RequestListener, type Server } from "node:http";
import { ignoreUpgrades } from "./ignored-upgrade.ts";
import { refuseMalformed } from "./malformed-request.ts";

/**
 * Node's server, without its own bare answers.
 *
 * @param upgradePath where somebody else takes care of upgrades
 */
export function createHttpServer(listener: RequestListener, upgradePath: string): Server {
  // A request without `Host` is answered with a problem as well.
  const options = { keepAliveTimeout: 65_000, requestTimeout: 60_000, requireHostHeader: false };
  const server = createServer(options, listener);
  server.on("clientError", refuseMalformed).on("checkExpectation", listener);
  ignoreUpgrades(server, upgradePath);
  return server;
}
