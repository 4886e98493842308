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
    model: null,
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
  ["OPENAI_BASE_URL", "file:///etc/passwd"],
  ["OPENAI_API_KEY", "a key\nwith a line end"],
  ["OPENAI_MODEL", "two words"],
  ["AGENT_MODEL_CALLS_PER_MINUTE", "0"],
  ["AGENT_MODEL_TOKENS_PER_DAY", "many"],
  ["AGENT_MODEL_STEPS", "21"],
  ["AGENT_MODEL_TIMEOUT_SECONDS", "-1"],
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

it("uses a model when one is named", () => {
  const { model } = readConfig({ OPENAI_MODEL: "qwen3", OPENAI_BASE_URL: "http://127.0.0.1:11434/v1" });
  expect(model).toEqual({
    baseUrl: "http://127.0.0.1:11434/v1",
    apiKey: null,
    model: "qwen3",
    callsPerMinute: 30,
    tokensPerDay: 500_000,
    steps: 6,
    limitMs: 60_000,
  });
});
