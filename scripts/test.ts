/**
 * `pnpm test`: builds the page, runs every test (vitest, then the browser), prints each stage's time and one line
 * `N passed, N failed[, N skipped]` over all of them, after the titles of those that failed.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

interface Outcome extends Tally {
  /** Of the tests that failed, each with the first line of why. */
  readonly failures: readonly string[];
}

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  /** Reads the outcome from the runner's report; none for a stage that runs no test. */
  readonly outcome?: (report: unknown) => Outcome;
}

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});
const playwrightSuite = z.object({
  title: z.string(),
  specs: z.array(
    z.object({
      title: z.string(),
      ok: z.boolean(),
      tests: z.array(
        z.object({
          results: z.array(z.object({ error: z.object({ message: z.string() }).partial().optional() })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(playwrightSuite).optional();
  },
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
  suites: z.array(playwrightSuite),
});

const firstLine = (text = "") => stripVTControlCharacters(text).split("\n", 1)[0] ?? "";

function vitestFailures({ testResults }: z.infer<typeof vitestReport>): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(process.cwd(), name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0) return status === "failed" ? [`${file}: ${firstLine(message)}`] : [];
    return failed.map((test) => `${file} › ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
  });
}

function playwrightFailures(suite: z.infer<typeof playwrightSuite>): string[] {
  const own = suite.specs
    .filter(({ ok }) => !ok)
    .map(({ title, tests }) => {
      const why = tests.flatMap(({ results }) => results.map(({ error }) => error?.message)).find(Boolean);
      return `${title}: ${firstLine(why)}`;
    });
  const inner = (suite.suites ?? []).flatMap(playwrightFailures);
  return [...own, ...inner].map((failure) => `${suite.title} › ${failure}`);
}

const reports = await mkdtemp(path.join(tmpdir(), "live-orders-test-"));
const reportOf = (name: string) => path.join(reports, `${name}.json`);

const stages: readonly Stage[] = [
  { name: "build", command: ["vite", "build", "apps/web", "--logLevel", "warn"] },
  { name: "page weight", command: ["tsx", "scripts/check-page-weight.ts"] },
  {
    name: "vitest",
    command: [
      "vitest",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportOf("vitest")}`,
    ],
    outcome: (report) => {
      const parsed = vitestReport.parse(report);
      // A file that failed before its first test has no failed test of its own.
      const failed = Math.max(parsed.numFailedTests, parsed.numFailedTestSuites > 0 ? 1 : 0);
      return {
        passed: parsed.numPassedTests,
        failed,
        skipped: parsed.numPendingTests + parsed.numTodoTests,
        failures: vitestFailures(parsed),
      };
    },
  },
  {
    name: "e2e",
    command: ["playwright", "test", "--config", "e2e/playwright.config.ts"],
    outcome: (report) => {
      const { stats, suites } = playwrightReport.parse(report);
      return {
        passed: stats.expected,
        failed: stats.unexpected + stats.flaky,
        skipped: stats.skipped,
        failures: suites.flatMap(playwrightFailures),
      };
    },
  },
];

function run(command: readonly string[], env: Record<string, string>): Promise<number> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      resolve(code ?? 1);
    });
  });
}

async function outcomeOf(stage: Stage, code: number): Promise<Outcome> {
  const failure = { passed: 0, failed: 1, skipped: 0, failures: [`${stage.name} ended with code ${code}`] };
  const nothing = { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (stage.outcome === undefined) return code === 0 ? nothing : failure;
  const text = await readFile(reportOf(stage.name), "utf8").catch(() => null);
  if (text === null) return failure;
  const outcome = stage.outcome(JSON.parse(text));
  // A runner that failed for another cause than a test (no test found, an error outside of all) is a failure too.
  if (code === 0 || outcome.failed > 0) return outcome;
  return { ...outcome, failed: 1, failures: failure.failures };
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
for (const stage of stages) {
  const startedAt = performance.now();
  const code = await run(stage.command, { PLAYWRIGHT_JSON_OUTPUT_NAME: reportOf(stage.name) });
  const outcome = await outcomeOf(stage, code);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
  failures.push(...outcome.failures);
  console.log(`\n[${stage.name}] ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
}
await rm(reports, { recursive: true, force: true });

for (const failure of failures) console.log(`failed: ${failure}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;
