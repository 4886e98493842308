import { MongoNetworkError, MongoNetworkTimeoutError, MongoServerError } from "mongodb";
import { expect, it } from "vitest";
import { BrokenOrderError } from "./change-numbering.ts";
import { SilentStreamError } from "./change-reading.ts";
import { classifyStreamFailure } from "./stream-failure.ts";

const server = (code: number): MongoServerError => new MongoServerError({ message: "x", code });

it.each([
  ["history-lost", server(286)],
  ["history-lost", server(280)],
  ["history-lost", server(260)],
  ["history-lost", server(50810)],
  ["history-lost", new BrokenOrderError("x")],
  ["too-large", server(10334)],
  ["not-a-replica-set", server(40573)],
  ["denied", server(13)],
  ["denied", server(18)],
  ["silent", new SilentStreamError("x")],
  ["silent", new MongoNetworkTimeoutError("x")],
  ["resumable", new MongoNetworkError("x")],
  // CappedPositionLost: reopening tells whether the history is lost.
  ["resumable", server(136)],
  ["resumable", server(43)],
  ["resumable", server(11600)],
  ["resumable", new Error("x")],
  ["resumable", "x"],
])("R-SOURCE-2: %s: %s", (failure, error) => {
  expect(classifyStreamFailure(error)).toBe(failure);
});
