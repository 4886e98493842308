import { expect, it } from "vitest";
import { outcomeOf } from "./smtp-mailer.ts";

it.each([
  ["the server refuses the mail", { command: "DATA", responseCode: 554, code: "EMESSAGE" }, "failed"],
  ["the server refuses the address", { command: "RCPT TO", responseCode: 550, code: "EENVELOPE" }, "failed"],
  ["nobody listens", { command: "CONN", code: "ESOCKET", originalCode: "ECONNREFUSED" }, "failed"],
  ["the server lets nobody in", { command: "AUTH PLAIN", responseCode: 535, code: "EAUTH" }, "failed"],
  ["the connection ends", { command: "CONN", code: "ECONNECTION" }, "unsure"],
  ["the connection ends with a word", { command: "CONN", code: "ECONNECTION", responseCode: 421 }, "unsure"],
  ["the connection is reset", { command: "CONN", code: "ESOCKET", originalCode: "ECONNRESET" }, "unsure"],
  ["the server is silent", { command: "CONN", code: "ETIMEDOUT" }, "unsure"],
])("when %s, says whether the mail may have left", (_, fields, kind) => {
  expect(outcomeOf(Object.assign(new Error("why\nit is so"), fields))).toEqual({ kind, why: "why it is so" });
});
