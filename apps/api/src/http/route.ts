import type { RequestHandler, Router } from "express";
import { ProblemError } from "./problem-error.ts";

type Method = "get" | "post" | "put" | "patch" | "delete";

/** The methods of one path; any other is answered 405 with `Allow`. `HEAD` goes where `GET` does. */
export function route(router: Router, path: string, handlers: Partial<Record<Method, RequestHandler>>): void {
  const methods: Method[] = ["get", "post", "put", "patch", "delete"];
  const here = router.route(path);
  for (const method of methods) {
    const handler = handlers[method];
    if (handler) here[method](handler);
  }
  const allow = methods
    .filter((method) => handlers[method])
    .flatMap((method) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]))
    .join(", ");
  here.all((request) => {
    throw new ProblemError("method-not-allowed", {
      detail: `${request.method} is not allowed here, only ${allow}`,
      headers: { Allow: allow },
    });
  });
}
