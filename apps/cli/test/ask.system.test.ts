import { createServer, type Server } from "node:http";
import type { AnswerPart } from "@live-orders/protocol/http-ask";
import { afterEach, expect, it } from "vitest";
import { jsonLines, runOrders } from "./orders-command.ts";

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that gives these parts of an answer. */
async function answering(...parts: readonly AnswerPart[]): Promise<string> {
  const answer = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "application/x-ndjson" });
    response.end(parts.map((part) => `${JSON.stringify(part)}\n`).join(""));
  });
  server = answer;
  await new Promise<void>((resolve) => answer.listen(0, "127.0.0.1", resolve));
  const address = answer.address();
  return `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
}

const source: AnswerPart = { kind: "source", source: { kind: "grammar" } };

it("ask gives the answer on stdout, and who answered on stderr", async () => {
  const parts: AnswerPart[] = [
    source,
    { kind: "text", text: "There are " },
    { kind: "text", text: "3 orders." },
  ];
  const url = await answering(...parts, { kind: "end", outcome: "answered" });
  const told = await runOrders(["ask", "how many orders are there?"], { url });
  expect(told).toEqual({ code: 0, stdout: "There are 3 orders.\n", stderr: "Answered by the grammar\n" });
  const json = await runOrders(["ask", "--json", "how", "many"], { url });
  expect(jsonLines(json.stdout)).toEqual([...parts, { kind: "end", outcome: "answered" }]);
});

it("ask fails for a question that is not understood, an answer that fails or is cut off, and none", async () => {
  const notUnderstood = await answering(source, { kind: "end", outcome: "not-understood" });
  expect((await runOrders(["ask", "what?"], { url: notUnderstood })).code).toBe(1);
  server?.close();
  const failed = await answering(source, { kind: "failed", reason: "it is broken" });
  const told = await runOrders(["ask", "what?"], { url: failed });
  expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining("it is broken") as string });
  server?.close();
  const cut = await answering(source);
  expect((await runOrders(["ask", "what?"], { url: cut })).stderr).toContain("cut off");
  expect((await runOrders(["ask", "what?"])).stderr).toContain("cannot be reached");
  expect((await runOrders(["ask", "x".repeat(501)])).code).toBe(2);
});
