import express, { Router } from "express";
import { ProblemError } from "./problem-error.ts";

/**
 * The examples that run in a browser, from this server's own origin and under its content security policy.
 *
 * @param folder holds them and nothing else
 */
export function serveExamples(folder: string): Router {
  const router = Router();
  router.use(express.static(folder, { maxAge: 0, index: false, redirect: false }));
  router.use(() => {
    throw new ProblemError("not-found", { detail: "There is no such example" });
  });
  return router;
}
