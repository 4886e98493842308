import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { Router, type Request, type RequestHandler } from "express";
import { ProblemError } from "./problem-error.ts";

const NOT_BUILT = "The page is not built yet: run `npx -y pnpm@10 build`, then load this again.\n";

/**
 * The built page: files with a hash in their name are kept by browsers for good, `index.html` is asked for each time,
 * and stands in for every address that the page itself routes.
 *
 * @param folder what the page's build made
 */
export function servePage(folder: string): Router {
  const router = Router();
  router.use(
    "/assets",
    express.static(join(folder, "assets"), { immutable: true, maxAge: "1y", index: false, redirect: false }),
  );
  router.use(express.static(folder, { cacheControl: true, maxAge: 0, index: false, redirect: false }));
  router.use(sendIndex(join(folder, "index.html")));
  return router;
}

function sendIndex(index: string): RequestHandler {
  return (request, response, next) => {
    if (!isPageAddress(request))
      return next(new ProblemError("not-found", { detail: "There is nothing here" }));
    if (!existsSync(index)) {
      response.status(503).set("Retry-After", "5").type("text/plain").send(NOT_BUILT);
      return;
    }
    response.set("Cache-Control", "no-cache").sendFile(index);
  };
}

/** What a person's browser asks for when an address was typed or followed: no file, no API. Programs get a problem. */
function isPageAddress({ method, path, headers }: Request): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  if (/^\/(api|socket\.io)(\/|$)/i.test(path) || /\.[^/]*$/.test(path)) return false;
  return path === "/" || headers.accept?.includes("text/html") === true;
}
