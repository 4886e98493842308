import { createOrdersApi } from "@live-orders/client/orders-api";
import { eventually } from "@live-orders/testkit/eventually";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { useServer } from "./use-server.ts";

const server = useServer();
const ROWS = 12;

/** A terminal that knows the sequences by which a line is written in its place. */
function fakeTerminal() {
  const lines = Array.from({ length: ROWS }, () => "");
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: ROWS });
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const stop = new AbortController();
  let raw = "";
  stdout.on("data", (chunk: Buffer) => {
    raw += chunk.toString();
    // eslint-disable-next-line no-control-regex
    for (const [, row, text = ""] of chunk.toString().matchAll(/\u001B\[(\d+);1H(.*?)\u001B\[K/gs)) {
      lines[Number(row) - 1] = stripVTControlCharacters(text);
    }
  });
  const stderr = new PassThrough();
  const terminal = { stdin, stdout, stderr, env: {}, signal: stop.signal };
  return {
    terminal,
    stop,
    press: (key: string) => stdin.write(key),
    text: () => lines.join("\n"),
    raw: () => raw,
  };
}

it("watch shows changes, counts and the connection in place, filters by a key, and outlives a kill of the server", async () => {
  const api = createOrdersApi({ baseUrl: server.url });
  const add = async (customer: string) => {
    const created = await api.create({ customer_name: customer, product_name: "p" }, { tries: 20 });
    if (!created.ok) throw new Error(created.error.kind);
    return created.value.order.id;
  };
  const first = await add("Claire");
  const screen = fakeTerminal();
  const shows = (pattern: RegExp) =>
    eventually(
      () => {
        expect(screen.text()).toMatch(pattern);
      },
      { within: 30_000 },
    );
  const ended = runCli(["watch", "--url", server.url], screen.terminal);

  await shows(/Claire/);
  await shows(/● Live/);
  await add("Darrin");
  await shows(/Darrin[^]*Claire/);
  await shows(/All 2 +◔ pending 2/);

  await server.api.kill("SIGKILL");
  await shows(/trying again in \d+ s/);
  await server.api.start();
  await api.patch(first, { status: "shipped" }, { tries: 20 });
  await shows(/● Live[^]*Claire .*➜ shipped[^]*Darrin/);

  screen.press("p");
  await eventually(
    () => {
      expect(screen.text()).not.toContain("Claire");
    },
    { within: 30_000 },
  );
  expect(screen.text()).toContain("Darrin");
  screen.press("q");
  expect(await ended).toBe(0);
  expect(screen.raw().endsWith("\u001B[?1049l")).toBe(true);
});

it("watch ends with 130 by Ctrl-C, and with 1 and one line when no server is there", async () => {
  const screen = fakeTerminal();
  const ended = runCli(["watch", "--url", server.url], screen.terminal);
  await eventually(() => screen.text().includes("Live Orders"), { within: 30_000 });
  screen.stop.abort();
  expect(await ended).toBe(130);

  const nowhere = fakeTerminal();
  expect(await runCli(["watch", "--url", "http://127.0.0.1:9"], nowhere.terminal)).toBe(1);
  expect(nowhere.raw()).toBe("");
});
