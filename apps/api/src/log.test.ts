import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { createLog } from "./log.ts";

function output(isTTY: boolean) {
  let text = "";
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return { out: Object.assign(stream, { isTTY }), text: () => text };
}

it("a program reads the log as JSON lines, from LOG_LEVEL on", () => {
  const { out, text } = output(false);
  const log = createLog("info", out);
  log.debug("not shown");
  log.info({ rung: "memory" }, "caught up");
  expect(JSON.parse(text())).toMatchObject({ level: 30, rung: "memory", msg: "caught up" });
});

it("a person reads it as short lines, with the stack of what nobody foresaw", () => {
  const { out, text } = output(true);
  const log = createLog("info", out);
  log.warn({ err: new Error("no route") }, "the change stream is down");
  log.error({ err: new Error("bug") }, "a request failed");
  const [first, second, third] = text().split("\n");
  expect(first).toMatch(/^\d\d:\d\d:\d\d warning the change stream is down: no route$/);
  expect(second).toMatch(/ error a request failed$/);
  expect(third).toBe("Error: bug");
});
