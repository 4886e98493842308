import { streamQuerySchema } from "@live-orders/protocol/http-changes";
import { STATUSES, statusSet } from "@live-orders/protocol/status";
import { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { Relay } from "@live-orders/relay/relay";
import type { WatchOutcome } from "@live-orders/relay/watches";
import type { Request, RequestHandler } from "express";
import { answerProblem } from "../http/answer-problem.ts";
import { readQuery } from "../http/query.ts";
import { cursorFrom } from "./cursor-parameter.ts";
import type { FeedWatch } from "./feed-watch.ts";
import { EventStream, STREAM_HEADERS, type StreamRooms } from "./event-stream.ts";

/** `GET /api/changes/stream` */
export function streamChanges(relay: Relay, rooms: StreamRooms, feed: FeedWatch): RequestHandler {
  let streams = 0;
  return (request, response) => {
    const { status = STATUSES, after } = readQuery(request, streamQuerySchema);
    const cursor = lastEventId(request) ?? cursorFrom(after, "after");
    if (request.method === "HEAD") {
      response.writeHead(200, STREAM_HEADERS).end();
      return;
    }
    streams += 1;
    const stream = new EventStream(`sse-${streams}`, response, rooms);
    response.once("close", () => {
      stream.ended();
      relay.unwatch(stream);
    });
    const want = { statuses: statusSet(status), ...(cursor === undefined ? {} : { after: cursor }) };
    relay.watch(stream, want, (outcome) => {
      watched(stream, outcome, response);
      if (outcome.kind === "watching")
        response.once(
          "close",
          feed.follow((state) => stream.feed(state)),
        );
    });
  };
}

/** A browser that comes back sends the last `id` that it saw; an empty one means none. */
function lastEventId(request: Request): ReturnType<typeof cursorFrom> {
  const header = request.headers["last-event-id"];
  return typeof header === "string" && header !== "" ? cursorFrom(header, "Last-Event-ID") : undefined;
}

function watched(stream: EventStream, outcome: WatchOutcome, response: Parameters<RequestHandler>[1]): void {
  if (outcome.kind === "watching") {
    const { position, cursor, reset } = outcome;
    if (reset !== undefined) stream.reset({ reason: reset, cursor });
    // What was missed may end with changes that it does not see: it is told how far that reaches all the same.
    if (stream.told < position || reset !== undefined) {
      stream.send(EncodedBatch.of({ changes: [], position, cursor }));
    }
  } else if (response.headersSent) {
    stream.end();
  } else {
    answerProblem(response, "unavailable", { detail: "The feed can't be read just now: try again" });
  }
}
