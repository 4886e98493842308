import { activityQuerySchema, DEFAULT_RANGE, type ActivityRange } from "@live-orders/protocol/http-activity";
import type { RequestHandler } from "express";
import { inTime } from "../http/deadline.ts";
import { readQuery } from "../http/query.ts";
import { answerActivity, type ActivityParts } from "./activity-answer.ts";
import { SharedAnswer } from "./shared-answer.ts";
import { answerTimes } from "./times-answer.ts";

/** `GET /api/activity`: what happened to all orders. */
export const readActivity = (parts: ActivityParts): RequestHandler =>
  answerByRange((range) => answerActivity(parts, range, Date.now()));

/** `GET /api/activity/times`: how long orders took. */
export const readTimes = ({ activity }: Pick<ActivityParts, "activity">): RequestHandler =>
  answerByRange((range) => answerTimes(activity, range, Date.now()));

function answerByRange(read: (range: ActivityRange) => Promise<object>): RequestHandler {
  const answers = new SharedAnswer(read);
  return async (request, response) => {
    const { range = DEFAULT_RANGE } = readQuery(request, activityQuerySchema);
    response.json(await inTime(answers.get(range)));
  };
}
