import type { MessageStore } from "@live-orders/store/message-store";
import { describeMessageContract } from "@live-orders/testkit/message-contract";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import { QUIET } from "../test/postgres-stores.ts";
import { openPostgresMessages } from "./postgres-message-store.ts";

const postgres = usePostgres();

describeMessageContract("PostgreSQL", () => {
  const open: MessageStore[] = [];
  const { url } = postgres;
  return Promise.resolve({
    open: async () => {
      const outcome = await openPostgresMessages({ url, logger: QUIET });
      if (outcome.kind === "refused") throw new Error(outcome.reason);
      open.push(outcome.messages);
      return outcome.messages;
    },
    dispose: async () => {
      await Promise.all(open.map((messages) => messages.close()));
    },
  });
});
