import type { RequestHandler } from "express";
import type { Histogram } from "prom-client";

/** Measures requests by their route, not their path: the number of series stays bounded. */
export function requestTimer(histogram: Histogram<"method" | "route" | "status">): RequestHandler {
  return (request, response, next) => {
    const startedMs = performance.now();
    response.once("close", () => {
      const { method } = request;
      histogram.observe(
        {
          method: METHODS.has(method) ? method : "other",
          route: routeOf(request),
          status: response.statusCode,
        },
        (performance.now() - startedMs) / 1000,
      );
    });
    next();
  };
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** As `route` in route.ts was given it, under whatever router it stands. */
function routeOf({ route, baseUrl }: { route?: unknown; baseUrl: string }): string {
  return typeof route === "object" && route !== null && "path" in route && typeof route.path === "string"
    ? `${baseUrl}${route.path}`
    : "other";
}
