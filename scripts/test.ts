/**
 * `pnpm test`: builds the page, runs every test (vitest, then the browser), prints each stage's time and one line
 * `N passed, N failed[, N skipped]` over all of them.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  /** Reads the tally from the runner's report; none for a stage that runs no test. */
  readonly tally?: (report: unknown) => Tally;
}

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
});

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
    tally: (report) => {
      const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests } =
        vitestReport.parse(report);
      // A file that failed before its first test has no failed test of its own.
      const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
      return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
    },
  },
  {
    name: "e2e",
    command: ["playwright", "test", "--config", "e2e/playwright.config.ts"],
    tally: (report) => {
      const { expected, unexpected, flaky, skipped } = playwrightReport.parse(report).stats;
      return { passed: expected, failed: unexpected + flaky, skipped };
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

async function tallyOf(stage: Stage, code: number): Promise<Tally> {
  const nothing = { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  if (stage.tally === undefined) return nothing;
  const text = await readFile(reportOf(stage.name), "utf8").catch(() => null);
  if (text === null) return { ...nothing, failed: 1 };
  const tally = stage.tally(JSON.parse(text));
  // A runner that failed for another cause than a test (no test found, say) is a failure too.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
for (const stage of stages) {
  const startedAt = performance.now();
  const code = await run(stage.command, { PLAYWRIGHT_JSON_OUTPUT_NAME: reportOf(stage.name) });
  const { passed, failed, skipped } = await tallyOf(stage, code);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  console.log(`\n[${stage.name}] ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
}
await rm(reports, { recursive: true, force: true });

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;
