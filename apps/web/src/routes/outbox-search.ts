import { z } from "zod";

/** What the address holds of the Outbox: `?show=approved`. What is wrong counts as absent. */
export const outboxSearchSchema = z.object({
  show: z.enum(["approved", "sent", "aside"]).optional().catch(undefined),
});
