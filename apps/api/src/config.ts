import { isIP } from "node:net";
import { z } from "zod";
import { StartupError } from "./startup-error.ts";

/** What the environment says, checked. Times are in the units of their names. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseChoice;
  readonly logLevel: LogLevel;
  /** Origins other than the page's own that may use the server: `https://example.org`. */
  readonly allowedOrigins: readonly string[];
  /** Names, besides loopback and `host`, that a `Host` header may carry; lower case, without port. */
  readonly allowedHosts: readonly string[];
  /** How long a durable history is kept; 0: none. */
  readonly historyDays: number;
  /** Where the agent answers questions. */
  readonly agentUrl: string;
}

export type DatabaseChoice =
  | { readonly kind: "mongodb" | "postgres"; readonly url: string }
  | {
      readonly kind: "embedded-mongodb" | "embedded-postgres";
      readonly dataDir: string;
      /** 0: any free one. */
      readonly port: number;
    };

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where each embedded database listens, unless `EMBEDDED_DB_PORT` says otherwise. */
const EMBEDDED_PORT = { "embedded-mongodb": 27027, "embedded-postgres": 54327 } as const;

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);

const listOf = (item: z.ZodString) =>
  z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim().toLowerCase()))
    .pipe(z.array(item));

const EMBEDDED = {
  "embedded:mongodb": "embedded-mongodb",
  "embedded:postgres": "embedded-postgres",
} as const;
const embeddedSchema = z
  .enum(["embedded:mongodb", "embedded:postgres"])
  .transform((text) => ({ kind: EMBEDDED[text] }));
const mongodbSchema = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\/./)
  .transform((url) => ({ kind: "mongodb" as const, url }));
const postgresSchema = z
  .string()
  .regex(/^postgres(ql)?:\/\/./)
  .transform((url) => ({ kind: "postgres" as const, url }));

const originSchema = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text);
const hostNameSchema = z.string().regex(/^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]+\])$/);

/** A variable's schema, and what it may hold in the words of the message about a wrong one. */
const variable = <S extends z.ZodType>(schema: S, expected: string) => ({ schema, expected });

const VARIABLES = {
  HOST: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/)
      .default("127.0.0.1"),
    "a host name or an IP address",
  ),
  PORT: variable(wholeNumber(0, 65_535).default(3000), "a port, a whole number from 0 to 65535"),
  DATABASE_URL: variable(
    z.union([embeddedSchema, mongodbSchema, postgresSchema]).default({ kind: "embedded-mongodb" }),
    "mongodb://…, mongodb+srv://…, postgres://…, embedded:mongodb or embedded:postgres",
  ),
  DATA_DIR: variable(z.string().default(".data"), "a folder"),
  EMBEDDED_DB_PORT: variable(wholeNumber(0, 65_535).optional(), "a port, a whole number from 0 to 65535"),
  LOG_LEVEL: variable(z.enum(LOG_LEVELS).default("info"), `one of ${LOG_LEVELS.join(", ")}`),
  ALLOW_OPEN_NETWORK: variable(z.enum(["0", "1"]).default("0"), "0 or 1"),
  ALLOWED_ORIGINS: variable(
    listOf(originSchema).default([]),
    "origins such as https://example.org, with commas between",
  ),
  ALLOWED_HOSTS: variable(
    listOf(hostNameSchema).default([]),
    "host names without a port, with commas between",
  ),
  AGENT_URL: variable(
    z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:3131"),
    "the agent's address, such as http://127.0.0.1:3131",
  ),
  HISTORY_DAYS: variable(wholeNumber(0, 36_500).default(30), "a whole number of days, 0 to 36500"),
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
  const host = read(env, "HOST", VARIABLES.HOST);
  const open = read(env, "ALLOW_OPEN_NETWORK", VARIABLES.ALLOW_OPEN_NETWORK);
  if (open === "0" && !isLoopback(host)) {
    throw new StartupError(
      `HOST=${host} would open the server, which has no sign-in, to the network: ` +
        "use HOST=127.0.0.1, or set ALLOW_OPEN_NETWORK=1 if that is what you want.",
    );
  }
  return {
    host,
    port: read(env, "PORT", VARIABLES.PORT),
    database: readDatabase(env),
    logLevel: read(env, "LOG_LEVEL", VARIABLES.LOG_LEVEL),
    allowedOrigins: read(env, "ALLOWED_ORIGINS", VARIABLES.ALLOWED_ORIGINS),
    allowedHosts: read(env, "ALLOWED_HOSTS", VARIABLES.ALLOWED_HOSTS),
    agentUrl: read(env, "AGENT_URL", VARIABLES.AGENT_URL),
    historyDays: read(env, "HISTORY_DAYS", VARIABLES.HISTORY_DAYS),
  };
}

function readDatabase(env: NodeJS.ProcessEnv): DatabaseChoice {
  const choice = read(env, "DATABASE_URL", VARIABLES.DATABASE_URL);
  const dataDir = read(env, "DATA_DIR", VARIABLES.DATA_DIR);
  const port = read(env, "EMBEDDED_DB_PORT", VARIABLES.EMBEDDED_DB_PORT);
  if (choice.kind === "mongodb" || choice.kind === "postgres") return choice;
  return { ...choice, dataDir, port: port ?? EMBEDDED_PORT[choice.kind] };
}

/** Whether a host name or address reaches this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return (
    name === "localhost" ||
    name === "::1" ||
    name === "[::1]" ||
    (isIP(name) === 4 && name.startsWith("127."))
  );
}
