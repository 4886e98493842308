/** `pnpm spec:rules`: lists the rules of each `SPEC.md` that no test title cites, and fails if there are any. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const RULE = /\b[CR]-[A-Z]+-\d+\b/g;

async function textsOf(folder: string, wanted: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && wanted(entry.name));
  const outside = files.filter(({ parentPath }) => !parentPath.includes("node_modules"));
  return Promise.all(outside.map(({ parentPath, name }) => readFile(path.join(parentPath, name), "utf8")));
}

let missing = 0;
for (const name of ["relay", "client"]) {
  const folder = path.join("packages", name);
  const spec = await readFile(path.join(folder, "SPEC.md"), "utf8");
  const rules = new Set(spec.match(RULE));
  const tests = await textsOf(path.join(folder, "src"), (file) => file.endsWith(".test.ts"));
  const cited = new Set(tests.flatMap((text) => text.match(RULE) ?? []));
  const uncited = [...rules].filter((rule) => !cited.has(rule));
  const unknown = [...cited].filter((rule) => !rules.has(rule));
  missing += uncited.length + unknown.length;
  console.log(`${name}: ${rules.size} rules, ${rules.size - uncited.length} with a test`);
  for (const rule of uncited) console.log(`  ${rule} has no test`);
  for (const rule of unknown) console.log(`  ${rule} is cited, but is no rule`);
}
process.exitCode = missing > 0 ? 1 : 0;
