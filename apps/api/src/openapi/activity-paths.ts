import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import {
  activityQuerySchema,
  activitySchema,
  activityTimesSchema,
} from "@live-orders/protocol/http-activity";
import { jsonAnswer, problemAnswers } from "./answers.ts";

const REACH =
  "`range`: how far back, to now (`1h`). At most 100,000 changes are counted: `since` says from when on that is all of " +
  "them, and `cut` why it is later than was asked.";

/** What the history tells of all orders together. */
export const activityPaths: readonly RouteConfig[] = [
  {
    method: "get",
    path: "/api/activity",
    summary: "Changes in steps of time, and how many orders stood in each status",
    description: `${REACH} Whoever adds to it the changes that the feed brings after \`cursor\` has the answer of a later time.`,
    request: { query: activityQuerySchema },
    responses: {
      ...jsonAnswer(200, "Exactly the changes up to `position`", activitySchema),
      ...problemAnswers(),
    },
  },
  {
    method: "get",
    path: "/api/activity/times",
    summary: "How long orders took to be shipped, and to be delivered",
    description:
      `${REACH} Of the orders that arrived within the range, at most the newest 2,000. An order counts from when it ` +
      "last became pending (or was made so); one of which that is not known is left out.",
    request: { query: activityQuerySchema },
    responses: { ...jsonAnswer(200, "Median and 90th percentile", activityTimesSchema), ...problemAnswers() },
  },
];
