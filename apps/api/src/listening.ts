import { createServer, type Server } from "node:net";
import { StartupError } from "./startup-error.ts";

/**
 * Before the database is opened: a port in use is told at once, and a second start opens no database of its own.
 *
 * @throws StartupError
 */
export async function assertFree(port: number, host: string): Promise<void> {
  const probe = createServer();
  await listen(probe, port, host);
  await new Promise((resolve) => probe.close(resolve));
}

/** @throws StartupError that says what to do */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, host));
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): StartupError {
  switch (error.code) {
    case "EADDRINUSE":
      return new StartupError(`Port ${port} is in use: stop what listens there, or set PORT to another one.`);
    case "EACCES":
      return new StartupError(`Port ${port} may not be used by this user: set PORT to 1024 or more.`);
    default:
      return new StartupError(
        `HOST=${host} is no address to listen on (${error.message}): set HOST=127.0.0.1.`,
      );
  }
}

/** `http://127.0.0.1:3000` */
export function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server has no TCP address");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
