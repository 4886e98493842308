import type { RequestHandler } from "express";

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS = "Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id";
const ANSWER_HEADERS = "ETag, Location, Retry-After, X-Request-Id, Allow";

/** CORS for the origins of `ALLOWED_ORIGINS`, so that their pages can read the answers. The guard has run before. */
export function crossOrigin(allowedOrigins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    response.vary("Origin");
    if (origin === undefined || !allowedOrigins.includes(origin.toLowerCase())) return next();
    response.set({ "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": ANSWER_HEADERS });
    if (request.method !== "OPTIONS" || !request.headers["access-control-request-method"]) return next();
    response.set({
      "Access-Control-Allow-Methods": METHODS,
      "Access-Control-Allow-Headers": REQUEST_HEADERS,
    });
    response.status(204).end();
  };
}
