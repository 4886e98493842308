import type { MessageStore } from "@live-orders/store/message-store";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { StartupError } from "./startup-error.ts";

/**
 * The agent's messages in the database of the orders: the one place of the agent that knows which databases there are.
 *
 * @throws StartupError with what is wrong with the database and what to do about it
 */
export async function openMessages({ kind, url }: Config["database"], log: Logger): Promise<MessageStore> {
  const outcome = kind === "mongodb" ? await openMongo(url, log) : await openPostgres(url, log);
  if (outcome.kind === "refused") throw new StartupError(outcome.reason);
  return outcome.messages;
}

async function openMongo(uri: string, logger: Logger) {
  const { openMongoMessages } = await import("@live-orders/store-mongo/mongo-message-store");
  return openMongoMessages({ uri, logger });
}

async function openPostgres(url: string, logger: Logger) {
  const { openPostgresMessages } = await import("@live-orders/store-postgres/postgres-message-store");
  return openPostgresMessages({ url, logger });
}
