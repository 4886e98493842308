import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { pinoHttp, type ReqId } from "pino-http";
import { giveRequestId } from "./request-id.ts";

/**
 * Gives each request its id, and a line in the log: what failed by our side as a warning, all else for debugging. The
 * error itself is logged where it becomes a problem.
 */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: giveRequestId,
    quietReqLogger: true,
    customLogLevel: (request, response) => (isFailure(request, response) ? "warn" : "debug"),
    customSuccessMessage: lineOf,
    customErrorMessage: lineOf,
    customErrorObject: (_request, _response, _error, fields: Record<string, unknown>) => ({
      ...fields,
      err: undefined,
    }),
    serializers: {
      req: ({ id, method, url }: { id: ReqId; method: string; url: string }) => ({ id, method, url }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  });
}

const lineOf = (request: IncomingMessage, response: ServerResponse): string =>
  `${request.method ?? ""} ${request.url ?? ""} ${response.statusCode}`;

/** Whoever asks whether the server is ready takes no for an answer. */
const isFailure = (request: IncomingMessage, response: ServerResponse): boolean =>
  response.statusCode >= 500 && request.url !== "/readyz";
