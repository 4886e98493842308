/**
 * `pnpm spec:rules`: lists the rules of each `SPEC.md` that no test title cites, and the rules that are cited and do not
 * stand there; fails if there are any. A rule may be tried wherever it is kept: the title of any test may cite it.
 */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const RULE = /\b[CR]-[A-Z]+-\d+\b/g;
/** `test("…"`, `it.each(…)("…"`, `` test(`…` ``: the title, as it stands. */
const TITLE = /\b(?:it|test)(?:\.\w+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?\(\s*(["`])(.*?)\1/gs;

async function testTitles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name));
  const own = files.filter(({ parentPath }) => !parentPath.includes("node_modules"));
  const texts = await Promise.all(
    own.map(({ parentPath, name }) => readFile(path.join(parentPath, name), "utf8")),
  );
  return texts.flatMap((text) => [...text.matchAll(TITLE)].map(([, , title = ""]) => title));
}

const titles = (await Promise.all(["packages", "apps", "e2e"].map(testTitles))).flat();
const cited = new Set(titles.flatMap((title) => title.match(RULE) ?? []));
const stated = new Set<string>();
for (const name of ["relay", "client"]) {
  const spec = await readFile(path.join("packages", name, "SPEC.md"), "utf8");
  const rules = new Set(spec.match(RULE));
  const uncited = [...rules].filter((rule) => !cited.has(rule));
  console.log(`${name}: ${rules.size} rules, ${rules.size - uncited.length} with a test`);
  for (const rule of uncited) console.log(`  ${rule} has no test`);
  if (uncited.length > 0) process.exitCode = 1;
  for (const rule of rules) stated.add(rule);
}
for (const rule of cited) {
  if (stated.has(rule)) continue;
  console.log(`${rule} is cited, but is no rule`);
  process.exitCode = 1;
}
