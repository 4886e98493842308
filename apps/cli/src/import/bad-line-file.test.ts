import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { badLineFile } from "./bad-line-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bad-lines-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

it("bad lines of a CSV file stand in a CSV file as they were, with their line and the reason before them", async () => {
  const path = join(folder, "bad.csv");
  const file = badLineFile(path, { format: "csv", headers: ["id", "Row, name"] }, ",");
  await file.write({ line: 3, text: '1,"a\nb"\r\n', reason: "id, wrong" });
  await file.write({ line: 9, text: '2,"open', reason: "open" });
  await file.close();
  expect(await readFile(path, "utf8")).toBe(
    'bad_line,bad_reason,id,"Row, name"\n3,"id, wrong",1,"a\nb"\n9,open,2,"open\n',
  );
});

it("bad lines of an NDJSON file stand in an NDJSON file, with their line and the reason among the keys", async () => {
  const path = join(folder, "bad.ndjson");
  const file = badLineFile(path, { format: "ndjson", headers: null }, ",");
  await file.write({ line: 1, text: '{"id":0}\n', reason: "id" });
  await file.write({ line: 2, text: "{nonsense\n", reason: "no JSON" });
  await file.write({ line: 3, text: "{ }", reason: "empty" });
  await file.close();
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { bad_line: 1, bad_reason: "id", id: 0 },
    { bad_line: 2, bad_reason: "no JSON", text: "{nonsense" },
    { bad_line: 3, bad_reason: "empty" },
  ]);
});

it("there is no file without a bad line", async () => {
  const path = join(folder, "bad.csv");
  await badLineFile(path, { format: "csv", headers: [] }, ",").close();
  await expect(readFile(path)).rejects.toThrow("ENOENT");
});

it("a file that can't be written is a failure that names the option", async () => {
  const file = badLineFile(join(folder, "none", "bad.csv"), { format: "csv", headers: [] }, ",");
  await expect(file.write({ line: 1, text: "", reason: "" })).rejects.toThrow("--bad");
});
