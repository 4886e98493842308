import { startApi, type ApiProcess } from "@live-orders/testkit/api-process";
import { eventually } from "@live-orders/testkit/eventually";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { hasPython, pythonWith } from "./python-packages.ts";

const EXAMPLES = path.resolve(import.meta.dirname, "..");
/** For a program to come back after the server was away, in milliseconds. */
const BACK = { within: 30_000 };

const mongo = useMongo();
let api: ApiProcess;
let running: ChildProcess | null = null;

beforeAll(async () => {
  const url = new URL(mongo.uri);
  url.pathname = "/live_orders";
  api = await startApi({ DATABASE_URL: url.href });
}, 120_000);
afterEach(() => {
  running?.kill("SIGKILL");
});
afterAll(async () => {
  await api.dispose();
});

/** What a program has said so far: its data, and all else. */
interface Said {
  out: string;
  err: string;
}

/** Runs a program against the server. */
function run(program: string, ...args: string[]): Said {
  const child = spawn(program, [...args, api.url], { stdio: ["ignore", "pipe", "pipe"] });
  running = child;
  const said: Said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  child.once("error", (error) => (said.err += error.message));
  return said;
}

const send = (method: string, to: string, body?: unknown) =>
  fetch(`${api.url}${to}`, {
    method,
    headers: { "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

async function create(): Promise<number> {
  const answer = await send("POST", "/api/orders", {
    customer_name: "Claire Gute",
    product_name: "Bookcase",
  });
  return Number(answer.headers.get("Location")?.split("/").at(-1));
}

/** An order's life, with the server's death in the middle of it, as the program tells of it. */
async function tellsOfEverything(said: Said): Promise<void> {
  await eventually(() => said.err.includes("live"), BACK);
  const id = await create();
  await eventually(() => said.out.includes(`insert #${id} · → pending\n`));
  await api.kill("SIGKILL");
  await api.start();
  await send("PATCH", `/api/orders/${id}`, { status: "shipped" });
  await send("DELETE", `/api/orders/${id}`);
  await eventually(() => said.out.includes(`delete #${id} shipped → ·\n`), BACK);
  const lines = said.out.split("\n").filter((line) => line.includes(`#${id} `));
  expect(lines).toEqual([
    `insert #${id} · → pending`,
    `update #${id} pending → shipped`,
    `delete #${id} shipped → ·`,
  ]);
}

it("node/follow.js tells of every change once, over the server's death", async () => {
  await tellsOfEverything(run(process.execPath, path.join(EXAMPLES, "node/follow.js")));
});

it.skipIf(!hasPython)(
  "python/follow.py tells of every change once, over the server's death (skipped without python3 and pip)",
  async () => {
    const python = await pythonWith(path.join(EXAMPLES, "python/requirements.txt"));
    await tellsOfEverything(run(python, path.join(EXAMPLES, "python/follow.py")));
  },
);

it("curl/follow.sh prints each event as it comes", async () => {
  const said = run(path.join(EXAMPLES, "curl/follow.sh"));
  await eventually(() => said.out.includes("event: changes"));
  const id = await create();
  await eventually(() => said.out.includes(`"op":"insert","id":${id},`));
  expect(said.out).toMatch(/^id: \S+$/m);
});
