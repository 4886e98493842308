import { MAX_ID } from "@live-orders/protocol/order";
import type { Request } from "express";
import { invalid } from "../http/problem-error.ts";

/** @throws ProblemError `validation` for a path whose id no order can have */
export function orderIdOf(request: Request): number {
  const text = request.params["id"];
  const id = typeof text === "string" && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > MAX_ID) throw invalid("id", `must be a whole number from 1 to ${MAX_ID}`);
  return id;
}
