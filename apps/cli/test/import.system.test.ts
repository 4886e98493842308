import { parse } from "csv-parse/sync";
import { eventually } from "@live-orders/testkit/eventually";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { runOrders, startOrders } from "./orders-command.ts";
import { useServer } from "./use-server.ts";

const server = useServer();
const SUPERSTORE = path.resolve(import.meta.dirname, "../../../../shared/data/superstore.csv");
const SUPERSTORE_MAP = [
  "--map=id=Row ID",
  "--map=customer_name=Customer Name",
  "--map=product_name=Product Name",
  "--shipped-after=Ship Date",
];

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "orders-import-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const file = (name: string) => path.join(folder, name);
const importFile = (name: string, ...args: string[]) =>
  runOrders(["import", file(name), ...args], { url: server.url });
const names = (count: number) =>
  ["customer_name,product_name", ...Array.from({ length: count }, (_, index) => `c${index},p`)].join("\n");

describe("import", () => {
  // The file lies beside some checkouts only.
  it.skipIf(!existsSync(SUPERSTORE))(
    "puts a real file of 9,994 orders in, character by character, and changes nothing the second time",
    async () => {
      const args = ["import", SUPERSTORE, ...SUPERSTORE_MAP, `--bad=${file("bad.csv")}`];
      const first = await runOrders(args, { url: server.url });
      expect(first).toMatchObject({ code: 0, stdout: "" });
      expect(first.stderr).toContain("9,994 rows: 9,994 put in, 0 there already, 0 bad");

      const row = z.object({ "Row ID": z.string(), "Customer Name": z.string(), "Product Name": z.string() });
      const rows = parse(await readFile(SUPERSTORE), { bom: true, columns: true });
      const wanted = z
        .array(row)
        .parse(rows)
        .map((one) => [Number(one["Row ID"]), one["Customer Name"], one["Product Name"], "shipped"]);
      const stored = await server.stored();
      const fields = stored.map((order) => [order.id, order.customer_name, order.product_name, order.status]);
      expect(fields).toEqual(wanted.sort(([a], [b]) => Number(a) - Number(b)));

      const second = await runOrders(args, { url: server.url });
      expect(second.code).toBe(0);
      expect(second.stderr).toContain("0 put in, 9,994 there already, 0 bad");
      expect(await server.stored()).toEqual(stored);
    },
  );

  it("writes bad lines to a file, each with its line and reason, and puts the rest in; mended there, they go in", async () => {
    await writeFile(
      file("orders.csv"),
      '\uFEFFid,customer_name,product_name,updated_at\r\n1,"Gute, Claire","3"" tape",11/8/2018\r\n' +
        "x,a,b,\r\n3,,b,\r\n4,a,b,2/30/2019\r\n5,a\u00A0b,c,2019-01-02T03:04:05Z\r\n1,other,b,\r\n",
    );
    const { code, stderr } = await importFile("orders.csv");
    expect(code).toBe(0);
    expect(stderr).toContain("6 rows: 2 put in, 0 there already, 4 bad");
    expect(await server.stored()).toEqual([
      {
        id: 1,
        customer_name: "Gute, Claire",
        product_name: '3" tape',
        status: "pending",
        updated_at: "2018-11-08T00:00:00.000Z",
      },
      {
        id: 5,
        customer_name: "a\u00A0b",
        product_name: "c",
        status: "pending",
        updated_at: "2019-01-02T03:04:05.000Z",
      },
    ]);
    const bad = await readFile(file("orders.csv.bad.csv"), "utf8");
    const told = parse(bad, { columns: true });
    expect(told).toMatchObject([
      { bad_line: "3", id: "x" },
      { bad_line: "4", id: "3" },
      { bad_line: "5", id: "4" },
      { bad_line: "7", bad_reason: expect.stringContaining("holds another order") as string, id: "1" },
    ]);
    await writeFile(file("mended.csv"), bad.replace(",x,a", ",7,a").replace(",3,,b", ",3,a,b"));
    expect((await importFile("mended.csv")).stderr).toContain("4 rows: 2 put in, 0 there already, 2 bad");
  });

  it("takes NDJSON, and standard input", async () => {
    const input =
      '{"No":1,"customer_name":"a","product_name":"b"}\nnonsense\n{"No":2,"customer_name":"c","product_name":"d"}\n';
    const args = ["import", "-", "--map", "id=No", "--status", "delivered", "--bad", file("bad.ndjson")];
    const { code, stderr } = await runOrders(args, { url: server.url, input });
    expect(code).toBe(0);
    expect(stderr).toContain("2 put in, 0 there already, 1 bad");
    expect((await server.stored()).map(({ id, status }) => [id, status])).toEqual([
      [1, "delivered"],
      [2, "delivered"],
    ]);
    expect(await readFile(file("bad.ndjson"), "utf8")).toContain('"bad_line":2');
  });

  it("killed in its middle and run again puts each row without an id in once", async () => {
    await writeFile(file("orders.csv"), names(5000));
    const cut = startOrders(["import", file("orders.csv")], { url: server.url });
    await eventually(async () => (await server.stored()).length > 0, { within: 60_000 });
    cut.child.kill("SIGKILL");
    await cut.end;
    expect((await importFile("orders.csv")).code).toBe(0);
    const stored = await server.stored();
    expect(new Set(stored.map((order) => order.customer_name)).size).toBe(5000);
    expect(stored).toHaveLength(5000);
    expect((await importFile("orders.csv")).code).toBe(0);
    expect(await server.stored()).toEqual(stored);
  });

  it("outlives a kill of the server", async () => {
    await writeFile(file("orders.csv"), names(5000));
    const run = startOrders(["import", file("orders.csv")], { url: server.url });
    await eventually(async () => (await server.stored()).length > 0, { within: 60_000 });
    await server.api.kill("SIGKILL");
    await server.api.start();
    expect(await run.end).toMatchObject({ code: 0 });
    expect(await server.stored()).toHaveLength(5000);
  });

  it("ends with 130 when it is interrupted, says how to go on, and goes on so", async () => {
    await writeFile(file("orders.csv"), names(10_000));
    const run = startOrders(["import", file("orders.csv")], { url: server.url });
    await eventually(async () => (await server.stored()).length > 0, { within: 60_000 });
    run.child.kill("SIGINT");
    const { code, stderr } = await run.end;
    expect(code).toBe(130);
    expect(stderr).toContain("run it again to go on");
    expect((await importFile("orders.csv")).code).toBe(0);
    expect(await server.stored()).toHaveLength(10_000);
  });

  it("ends with 1 when not one row goes in, and with 2 when a column is not there", async () => {
    await writeFile(file("orders.csv"), "id,customer_name,product_name\n0,a,b\n");
    expect(await importFile("orders.csv")).toMatchObject({ code: 1 });
    expect(await importFile("orders.csv", "--map", "id=No")).toMatchObject({ code: 2 });
    expect(await importFile("none.csv")).toMatchObject({ code: 1 });
    expect(await server.stored()).toEqual([]);
  });
});
