import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { StartupError } from "./startup-error.ts";

const messageOf = (env: NodeJS.ProcessEnv): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof StartupError) return error.message;
    throw error;
  }
  throw new Error("the variables were taken");
};

describe("the variables", () => {
  it("have defaults: loopback, port 3000, an embedded MongoDB in .data on 27027", () => {
    expect(readConfig({})).toEqual({
      agentUrl: "http://127.0.0.1:3131",
      host: "127.0.0.1",
      port: 3000,
      database: { kind: "embedded-mongodb", dataDir: ".data", port: 27027 },
      logLevel: "info",
      allowedOrigins: [],
      allowedHosts: [],
      historyDays: 30,
    });
  });

  it("that are empty count as not set", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: "", HOST: "" })).toEqual(readConfig({}));
  });

  it.each([
    [
      "mongodb://127.0.0.1:1/?replicaSet=rs",
      { kind: "mongodb", url: "mongodb://127.0.0.1:1/?replicaSet=rs" },
    ],
    ["mongodb+srv://example.org", { kind: "mongodb", url: "mongodb+srv://example.org" }],
    ["postgres://u:p@h/db", { kind: "postgres", url: "postgres://u:p@h/db" }],
    ["postgresql://h", { kind: "postgres", url: "postgresql://h" }],
    ["embedded:postgres", { kind: "embedded-postgres", dataDir: ".data", port: 54327 }],
  ])("choose the database by DATABASE_URL=%s", (url, choice) => {
    expect(readConfig({ DATABASE_URL: url }).database).toEqual(choice);
  });

  it("place the embedded database by DATA_DIR and EMBEDDED_DB_PORT, 0 for any free port", () => {
    const { database } = readConfig({ DATA_DIR: "/somewhere", EMBEDDED_DB_PORT: "0" });
    expect(database).toEqual({ kind: "embedded-mongodb", dataDir: "/somewhere", port: 0 });
  });

  it("list origins and hosts with commas, in lower case", () => {
    const config = readConfig({
      ALLOWED_ORIGINS: "https://A.example, http://b:81",
      ALLOWED_HOSTS: "Box,[::2]",
    });
    expect(config.allowedOrigins).toEqual(["https://a.example", "http://b:81"]);
    expect(config.allowedHosts).toEqual(["box", "[::2]"]);
  });

  it.each([
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "3000x"],
    ["PORT", "1e3"],
    ["EMBEDDED_DB_PORT", "no"],
    ["DATABASE_URL", "mysql://h"],
    ["DATABASE_URL", "mongodb://"],
    ["DATABASE_URL", "embedded:oracle"],
    ["LOG_LEVEL", "loud"],
    ["ALLOW_OPEN_NETWORK", "yes"],
    ["ALLOWED_ORIGINS", "example.org"],
    ["ALLOWED_ORIGINS", "https://a.example/path"],
    ["ALLOWED_HOSTS", "a:80"],
    ["HISTORY_DAYS", "-1"],
    ["HOST", "not a host"],
  ])("are refused in one line that names the variable: %s=%s", (name, value) => {
    const message = messageOf({ [name]: value });
    expect(message).toContain(name);
    expect(message).not.toContain("\n");
  });

  it("do not show a wrong DATABASE_URL, which may hold a password", () => {
    expect(messageOf({ DATABASE_URL: "mysql://u:secret@h" })).not.toContain("secret");
  });
});

describe("HOST", () => {
  it.each(["127.0.0.1", "127.1.2.3", "localhost", "::1"])("may be loopback: %s", (host) => {
    expect(readConfig({ HOST: host }).host).toBe(host);
  });

  it.each(["0.0.0.0", "::", "192.168.1.5", "127.0.0.1.example.org", "example.org"])(
    "is refused if it opens the network: %s",
    (host) => {
      expect(messageOf({ HOST: host })).toContain("ALLOW_OPEN_NETWORK=1");
    },
  );

  it("opens the network with ALLOW_OPEN_NETWORK=1", () => {
    expect(readConfig({ HOST: "0.0.0.0", ALLOW_OPEN_NETWORK: "1" }).host).toBe("0.0.0.0");
  });
});
