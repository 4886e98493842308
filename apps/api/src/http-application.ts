import type { Relay } from "@live-orders/relay/relay";
import type { OrderActivity } from "@live-orders/store/order-activity";
import type { OrderHistory } from "@live-orders/store/order-history";
import type { MessageStore } from "@live-orders/store/message-store";
import type { OrderStore } from "@live-orders/store/order-store";
import express, { Router, type Express, type RequestHandler } from "express";
import type { Logger } from "pino";
import { readActivity, readTimes } from "./activity/activity-routes.ts";
import type { MessageStreams } from "./agent/message-stream.ts";
import { askAgent, tellAnswerer } from "./agent/ask-routes.ts";
import { exportMessages } from "./agent/messages-csv.ts";
import { editMessage, getMessage, listAgents, listMessages } from "./agent/messages-routes.ts";
import { reviewMessages } from "./agent/review-route.ts";
import { problemAnswers } from "./http/answer-problem.ts";
import { callerGuard, type CallerRules } from "./http/caller-guard.ts";
import { crossOrigin } from "./http/cross-origin.ts";
import { docsPage } from "./http/docs-page.ts";
import { serveExamples } from "./http/examples.ts";
import { servePage } from "./http/page.ts";
import { ProblemError } from "./http/problem-error.ts";
import { requestLog } from "./http/request-log.ts";
import { requestTimer } from "./http/request-timer.ts";
import { route } from "./http/route.ts";
import { securityHeaders } from "./http/security-headers.ts";
import type { Metrics } from "./metrics.ts";
import { openApiDocument } from "./openapi/document.ts";
import { bulkOrders } from "./orders/bulk-route.ts";
import { exportOrders } from "./orders/export-route.ts";
import { readHistory } from "./orders/history-route.ts";
import { deleteOrder, getOrder, patchOrder, putOrder } from "./orders/order-routes.ts";
import { countOrders, createOrder, listOrders } from "./orders/orders-routes.ts";
import type { ReadinessCheck } from "./readiness.ts";
import type { StreamRooms } from "./transports/event-stream.ts";
import type { FeedWatch } from "./transports/feed-watch.ts";
import { readCursorSince } from "./transports/cursor-since.ts";
import { readChanges } from "./transports/http-changes.ts";
import { streamChanges } from "./transports/sse.ts";

export interface HttpParts {
  readonly orders: OrderStore;
  readonly history: OrderHistory;
  readonly messages: MessageStore;
  readonly messageStreams: MessageStreams;
  readonly activity: OrderActivity;
  readonly relay: Relay;
  readonly streams: StreamRooms;
  readonly feed: FeedWatch;
  readonly readiness: ReadinessCheck;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly callers: CallerRules;
  readonly agentUrl: string;
  readonly pageFolder: string;
  readonly examplesFolder: string;
}

/** All of HTTP on the one port. Every answer other than the page, its files and `/docs` is JSON or a problem. */
export function createHttp(parts: HttpParts): Express {
  const { log, metrics, callers } = parts;
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.enable("case sensitive routing");
  app.use(requestLog(log), requestTimer(metrics.http), securityHeaders());
  app.use(callerGuard(callers), crossOrigin(callers.allowedOrigins));
  app.use(operations(parts), api(parts));
  app.use("/docs", docsPage());
  app.use("/examples", serveExamples(parts.examplesFolder));
  app.use(servePage(parts.pageFolder));
  app.use(problemAnswers(log));
  return app;
}

function api(parts: HttpParts): Router {
  const { orders, history, relay, streams, feed } = parts;
  const router = Router({ caseSensitive: true });
  const document = openApiDocument();
  router.use("/api", noStore);
  route(router, "/api/orders", { get: listOrders(orders), post: createOrder(orders) });
  route(router, "/api/orders.csv", { get: exportOrders(orders) });
  route(router, "/api/orders/counts", { get: countOrders(orders) });
  route(router, "/api/orders/bulk", { post: bulkOrders(orders) });
  route(router, "/api/orders/:id", {
    get: getOrder(orders),
    put: putOrder(orders),
    patch: patchOrder(orders),
    delete: deleteOrder(orders),
  });
  route(router, "/api/orders/:id/history", { get: readHistory(history, relay) });
  route(router, "/api/activity", { get: readActivity(parts) });
  route(router, "/api/activity/times", { get: readTimes(parts) });
  route(router, "/api/changes", { get: readChanges(relay, feed) });
  route(router, "/api/changes/cursor", { get: readCursorSince(parts) });
  route(router, "/api/changes/stream", { get: streamChanges(relay, streams, feed) });
  agent(router, parts);
  route(router, "/api/openapi.json", { get: (_request, response) => void response.json(document) });
  router.use("/api", (request) => {
    throw new ProblemError("not-found", { detail: `There is no ${request.baseUrl}${request.path}` });
  });
  return router;
}

function agent(router: Router, { messages, messageStreams, orders, agentUrl }: HttpParts): void {
  route(router, "/api/agent", { get: listAgents(messages) });
  route(router, "/api/agent/ask", { get: tellAnswerer(agentUrl), post: askAgent(agentUrl) });
  route(router, "/api/agent/messages", { get: listMessages(messages) });
  route(router, "/api/agent/messages.csv", { get: exportMessages(messages) });
  route(router, "/api/agent/messages/stream", { get: messageStreams.handler });
  route(router, "/api/agent/messages/review", { post: reviewMessages(messages, orders) });
  route(router, "/api/agent/messages/:id", { get: getMessage(messages), patch: editMessage(messages) });
}

function operations({ readiness, metrics }: HttpParts): Router {
  const router = Router({ caseSensitive: true });
  router.use(["/livez", "/readyz", "/metrics"], noStore);
  route(router, "/livez", { get: (_request, response) => void response.json({ live: true }) });
  route(router, "/readyz", {
    get: async (_request, response) => {
      const answer = await readiness.check();
      if (!answer.ready) response.status(503).set("Retry-After", "1");
      response.json(answer);
    },
  });
  route(router, "/metrics", {
    get: async (_request, response) => {
      response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    },
  });
  return router;
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};
