import { expect, it } from "vitest";
import { readConfig } from "./config.ts";

it("stands beside a server that was started without any variable", () => {
  expect(readConfig({ DATABASE_URL: "" })).toMatchObject({
    database: { kind: "mongodb", url: "mongodb://127.0.0.1:27027/?replicaSet=live-orders" },
    serverUrl: "http://127.0.0.1:3000",
    name: "agent",
    triggerFile: null,
    sweepMs: 60_000,
    mail: { smtpUrl: null, from: null, contactFile: null, limitMs: 60_000 },
  });
  const postgres = readConfig({ DATABASE_URL: "embedded:postgres", EMBEDDED_DB_PORT: "5555" });
  expect(postgres.database).toEqual({
    kind: "postgres",
    url: "postgres://postgres@127.0.0.1:5555/live_orders",
  });
});

it.each([
  ["DATABASE_URL", "mysql://localhost/orders"],
  ["LIVE_ORDERS_URL", "ftp://127.0.0.1"],
  ["AGENT_NAME", "two words"],
  ["AGENT_SWEEP_SECONDS", "0"],
  ["SMTP_URL", "http://user:secret@127.0.0.1"],
  ["MAIL_FROM", "shop@example.org\nBcc: all@example.org"],
  ["MAIL_FROM", "shop"],
  ["SMTP_TIMEOUT_SECONDS", "1h"],
  ["LOG_LEVEL", "loud"],
])("names %s when it is wrong", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} is not valid: set it to `));
});

it("keeps a wrong value to itself: it may hold a password", () => {
  expect(() => readConfig({ SMTP_URL: "http://user:secret@127.0.0.1" })).not.toThrow("secret");
});

it.each(["shop@example.org", "Shop <shop@example.org>", "Büro, Köln <b@example.org>"])(
  "takes %s as MAIL_FROM",
  (from) => {
    expect(readConfig({ MAIL_FROM: from }).mail.from).toBe(from);
  },
);
