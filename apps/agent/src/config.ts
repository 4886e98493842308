import { z } from "zod";
import type { MailConfig } from "./mail/open-mail.ts";
import type { ModelConfig } from "./model/open-model.ts";
import { StartupError } from "./startup-error.ts";

/** What the environment says, checked. */
export interface Config {
  readonly database: { readonly kind: "mongodb" | "postgres"; readonly url: string };
  /** Where the server is. */
  readonly serverUrl: string;
  /** Under which the agent's place in the feed is kept. */
  readonly name: string;
  /** Null: the default triggers. */
  readonly triggerFile: string | null;
  readonly sweepMs: number;
  /** Where it answers questions, on loopback; 0: any free one. */
  readonly port: number;
  /** Where it serves MCP over HTTP, on loopback; 0: any free one. */
  readonly mcpPort: number;
  readonly mail: MailConfig;
  /** Null: templates and the grammar do all. */
  readonly model: ModelConfig | null;
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** Where the server runs its embedded database, unless `EMBEDDED_DB_PORT` says otherwise. */
const EMBEDDED = {
  "embedded:mongodb": {
    kind: "mongodb",
    port: 27027,
    url: (port: number) => `mongodb://127.0.0.1:${port}/?replicaSet=live-orders`,
  },
  "embedded:postgres": {
    kind: "postgres",
    port: 54327,
    url: (port: number) => `postgres://postgres@127.0.0.1:${port}/live_orders`,
  },
} as const;

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);

/** A variable's schema, and what it may hold in the words of the message about a wrong one. */
const variable = <S extends z.ZodType>(schema: S, expected: string) => ({ schema, expected });

const VARIABLES = {
  DATABASE_URL: variable(
    z
      .string()
      .regex(/^(mongodb(\+srv)?:\/\/.|postgres(ql)?:\/\/.|embedded:(mongodb|postgres)$)/)
      .default("embedded:mongodb"),
    "the server's: mongodb://…, mongodb+srv://…, postgres://…, embedded:mongodb or embedded:postgres",
  ),
  EMBEDDED_DB_PORT: variable(wholeNumber(1, 65_535).optional(), "a port, a whole number from 1 to 65535"),
  LIVE_ORDERS_URL: variable(
    z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:3000"),
    "the server's address, such as http://127.0.0.1:3000",
  ),
  AGENT_NAME: variable(
    z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .default("agent"),
    "a short name without spaces",
  ),
  AGENT_TRIGGERS: variable(z.string().optional(), "a JSON file"),
  AGENT_SWEEP_SECONDS: variable(
    wholeNumber(1, 86_400).default(60),
    "seconds, a whole number from 1 to 86400",
  ),
  AGENT_PORT: variable(wholeNumber(0, 65_535).default(3131), "a port, a whole number from 0 to 65535"),
  MCP_PORT: variable(wholeNumber(0, 65_535).default(3132), "a port, a whole number from 0 to 65535"),
  AGENT_CONTACTS: variable(z.string().optional(), "a CSV file"),
  SMTP_URL: variable(z.url({ protocol: /^smtps?$/ }).optional(), "smtp://… or smtps://…"),
  MAIL_FROM: variable(
    z
      .string()
      .max(320)
      .regex(/^(?:[^<>\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u)
      .optional(),
    "an address such as shop@example.org or Shop <shop@example.org>",
  ),
  SMTP_TIMEOUT_SECONDS: variable(wholeNumber(1, 600).default(60), "seconds, a whole number from 1 to 600"),
  OPENAI_BASE_URL: variable(
    z.url({ protocol: /^https?$/ }).default("https://api.openai.com/v1"),
    "an endpoint such as http://127.0.0.1:11434/v1",
  ),
  OPENAI_API_KEY: variable(
    z
      .string()
      .regex(/^[\x21-\x7e]{1,1000}$/)
      .optional(),
    "the endpoint's key, without spaces",
  ),
  OPENAI_MODEL: variable(
    z
      .string()
      .regex(/^[\x21-\x7e]{1,80}$/)
      .optional(),
    "a model's name, without spaces",
  ),
  AGENT_MODEL_CALLS_PER_MINUTE: variable(
    wholeNumber(1, 10_000).default(30),
    "a whole number from 1 to 10000",
  ),
  AGENT_MODEL_TOKENS_PER_DAY: variable(
    wholeNumber(1, 999_999_999).default(500_000),
    "a whole number from 1 to 999999999",
  ),
  AGENT_MODEL_STEPS: variable(wholeNumber(1, 20).default(6), "a whole number from 1 to 20"),
  AGENT_MODEL_TIMEOUT_SECONDS: variable(
    wholeNumber(1, 100).default(60),
    "seconds, a whole number from 1 to 100",
  ),
  LOG_LEVEL: variable(z.enum(LOG_LEVELS).default("info"), `one of ${LOG_LEVELS.join(", ")}`),
};

/** A variable that is set but empty counts as not set. */
function read<S extends z.ZodType>(
  env: NodeJS.ProcessEnv,
  name: keyof typeof VARIABLES,
  { schema, expected }: { readonly schema: S; readonly expected: string },
): z.output<S> {
  const result = schema.safeParse(env[name] === "" ? undefined : env[name]);
  // The value itself stays out of the message: it may hold a password.
  if (!result.success) throw new StartupError(`${name} is not valid: set it to ${expected}, or unset it.`);
  return result.data;
}

/** @throws StartupError with one line that names the variable and what it may hold */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    database: readDatabase(env),
    serverUrl: read(env, "LIVE_ORDERS_URL", VARIABLES.LIVE_ORDERS_URL),
    name: read(env, "AGENT_NAME", VARIABLES.AGENT_NAME),
    triggerFile: read(env, "AGENT_TRIGGERS", VARIABLES.AGENT_TRIGGERS) ?? null,
    sweepMs: read(env, "AGENT_SWEEP_SECONDS", VARIABLES.AGENT_SWEEP_SECONDS) * 1000,
    mcpPort: read(env, "MCP_PORT", VARIABLES.MCP_PORT),
    port: read(env, "AGENT_PORT", VARIABLES.AGENT_PORT),
    mail: {
      smtpUrl: read(env, "SMTP_URL", VARIABLES.SMTP_URL) ?? null,
      from: read(env, "MAIL_FROM", VARIABLES.MAIL_FROM) ?? null,
      contactFile: read(env, "AGENT_CONTACTS", VARIABLES.AGENT_CONTACTS) ?? null,
      limitMs: read(env, "SMTP_TIMEOUT_SECONDS", VARIABLES.SMTP_TIMEOUT_SECONDS) * 1000,
    },
    model: readModel(env),
    logLevel: read(env, "LOG_LEVEL", VARIABLES.LOG_LEVEL),
  };
}

function readDatabase(env: NodeJS.ProcessEnv): Config["database"] {
  const url = read(env, "DATABASE_URL", VARIABLES.DATABASE_URL);
  const port = read(env, "EMBEDDED_DB_PORT", VARIABLES.EMBEDDED_DB_PORT);
  if (url === "embedded:mongodb" || url === "embedded:postgres") {
    const embedded = EMBEDDED[url];
    return { kind: embedded.kind, url: embedded.url(port ?? embedded.port) };
  }
  return { kind: url.startsWith("mongodb") ? "mongodb" : "postgres", url };
}

/** A model is used when `OPENAI_MODEL` names one. */
function readModel(env: NodeJS.ProcessEnv): ModelConfig | null {
  const config = {
    baseUrl: read(env, "OPENAI_BASE_URL", VARIABLES.OPENAI_BASE_URL),
    apiKey: read(env, "OPENAI_API_KEY", VARIABLES.OPENAI_API_KEY) ?? null,
    callsPerMinute: read(env, "AGENT_MODEL_CALLS_PER_MINUTE", VARIABLES.AGENT_MODEL_CALLS_PER_MINUTE),
    tokensPerDay: read(env, "AGENT_MODEL_TOKENS_PER_DAY", VARIABLES.AGENT_MODEL_TOKENS_PER_DAY),
    steps: read(env, "AGENT_MODEL_STEPS", VARIABLES.AGENT_MODEL_STEPS),
    limitMs: read(env, "AGENT_MODEL_TIMEOUT_SECONDS", VARIABLES.AGENT_MODEL_TIMEOUT_SECONDS) * 1000,
  };
  const model = read(env, "OPENAI_MODEL", VARIABLES.OPENAI_MODEL);
  return model === undefined ? null : { ...config, model };
}
