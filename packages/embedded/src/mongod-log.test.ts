import { expect, it } from "vitest";
import { isError, parseMongodLog } from "./mongod-log.ts";

const line = (entry: object) => parseMongodLog(JSON.stringify(entry));

it("reads a structured line", () => {
  const read = line({ s: "I", c: "NETWORK", id: 23016, msg: "Waiting for connections", attr: { port: 1 } });
  expect(read).toEqual({
    severity: "I",
    message: "Waiting for connections",
    text: "Waiting for connections",
  });
  expect(isError(read)).toBe(false);
});

it.each([
  [{ error: "DBPathInUse: locked" }, "DBPathInUse: locked"],
  [{ error: { code: 9001, errmsg: "Address already in use" } }, "Address already in use"],
  [{ error: 28, message: "No space left on device" }, "No space left on device"],
  [{ error: 28, message: { msg: "No space left on device" } }, "No space left on device"],
])("puts the error into the text, whatever its shape: %o", (attr, text) => {
  expect(line({ s: "E", msg: "Failed", attr }).text).toBe(`Failed: ${text}`);
});

it.each(["mongod: error while loading shared libraries: libssl.so", "{ broken", "[1]", "null", '{"s":"I"}'])(
  "takes a line that is not structured as an error: %s",
  (text) => {
    const read = parseMongodLog(text);
    expect(read).toEqual({ severity: "E", message: text, text });
    expect(isError(read)).toBe(true);
  },
);
