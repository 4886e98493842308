import { activityRangeSchema, DEFAULT_RANGE } from "@live-orders/protocol/http-activity";
import { z } from "zod";

/** What the address holds of the activity page: `?range=6h`. One that is wrong counts as absent. */
export const activitySearchSchema = z.object({
  range: activityRangeSchema
    .refine((range) => range !== DEFAULT_RANGE)
    .optional()
    .catch(undefined),
});
