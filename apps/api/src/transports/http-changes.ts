import { CHANGES_LIMIT, changesQuerySchema } from "@live-orders/protocol/http-changes";
import { STATUSES, statusSet } from "@live-orders/protocol/status";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { Relay } from "@live-orders/relay/relay";
import type { RequestHandler } from "express";
import { ProblemError } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";
import type { FeedWatch } from "./feed-watch.ts";
import { cursorFrom } from "./cursor-parameter.ts";

/** `GET /api/changes`: catching up, polling and long polling. */
export function readChanges(relay: Relay, feed: FeedWatch): RequestHandler {
  return async (request, response) => {
    const { status = STATUSES, after, limit, wait = 0 } = readQuery(request, changesQuerySchema);
    const ended = new AbortController();
    response.once("close", () => ended.abort());
    // A feed that has stopped brings nothing to wait for, and a wait for it would look like quiet.
    const leave = feed.isStale ? () => undefined : feed.follow(() => ended.abort());
    const outcome = await relay.read({
      statuses: statusSet(status),
      after: cursorFrom(after, "after") ?? null,
      limit: limit ?? CHANGES_LIMIT.default,
      waitMs: feed.isStale ? 0 : wait * 1000,
      signal: ended.signal,
    });
    leave();
    if (response.closed) return;
    if (outcome.kind === "lost") throw historyLost();
    if (outcome.kind === "unavailable") {
      throw new ProblemError("unavailable", { detail: "The feed can't be read just now: try again" });
    }
    response.type("json").send(answerText(outcome.batch, outcome.more));
  };
}

/** The text of a `ChangesAnswer`, from the one that the batch's other readers get. */
const answerText = ({ json }: EncodedBatch, more: boolean): string => `${json.slice(0, -1)},"more":${more}}`;

const historyLost = (): ProblemError =>
  new ProblemError("history-lost", {
    detail: "Changes after this cursor are gone: read the orders anew and go on from that page's cursor",
  });
