import { IncomingMessage, type IncomingHttpHeaders } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { refusal, type CallerRules } from "./caller-guard.ts";

const rules: CallerRules = {
  host: "127.0.0.1",
  allowedOrigins: ["https://partner.example"],
  allowedHosts: ["orders.example"],
};

const isLetIn = (headers: IncomingHttpHeaders): boolean => {
  const request = new IncomingMessage(new Socket());
  request.headers = headers;
  return refusal(request, rules) === null;
};

describe("a request or handshake", () => {
  it.each([
    "127.0.0.1:3000",
    "127.0.0.1",
    "localhost:3000",
    "LOCALHOST",
    "[::1]:3000",
    "127.9.9.9",
    "orders.example",
    "orders.example:443",
  ])("is let in under a name of this server: %s", (host) => {
    expect(isLetIn({ host })).toBe(true);
  });

  it.each([
    undefined,
    "",
    "evil.example",
    "evil.example:3000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "192.168.1.5",
    "127.0.0.1:3000, evil.example",
    "evil.example@127.0.0.1",
    "127.0.0.1:",
  ])("is refused under a name that was made to point here: %s", (host) => {
    expect(isLetIn(host === undefined ? {} : { host })).toBe(false);
  });

  it.each([
    ["http://127.0.0.1:3000", "127.0.0.1:3000"],
    ["http://localhost:3000", "localhost:3000"],
    ["http://localhost", "localhost:80"],
    ["https://orders.example", "orders.example"],
    ["https://partner.example", "127.0.0.1:3000"],
  ])("is let in from %s to %s", (origin, host) => {
    expect(isLetIn({ origin, host })).toBe(true);
  });

  it.each([
    "https://evil.example",
    "http://127.0.0.1:3001",
    "http://localhost:3000",
    "https://partner.example.evil.example",
    "http://partner.example",
    "file://",
    "null",
    "",
    "chrome-extension://127.0.0.1:3000",
  ])("is refused from another site: %s", (origin) => {
    expect(isLetIn({ origin, host: "127.0.0.1:3000" })).toBe(false);
  });
});
