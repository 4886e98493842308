import { cacheFolder } from "@live-orders/embedded/cache-folder";
import { onceAcrossProcesses } from "@live-orders/embedded/once-across-processes";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** In milliseconds. */
const PIP_LIMIT = 300_000;

/** Whether this machine has a Python 3 with pip and venv. */
export const hasPython = await run("python3", ["-c", "import pip, venv, ensurepip"]).then(
  () => true,
  () => false,
);

/**
 * A Python with the packages of `requirements`, in a virtual environment that is made once and kept in the cache
 * folder, under the hash of what it holds.
 *
 * @returns the interpreter's path
 */
export async function pythonWith(requirements: string): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 12);
  const folder = path.join(cacheFolder(), `python-${hash}`);
  const python = path.join(folder, "bin/python");
  const whole = path.join(folder, "whole");
  await mkdir(path.dirname(folder), { recursive: true });
  return onceAcrossProcesses({
    lock: `${folder}.lock`,
    find: () =>
      access(whole).then(
        () => python,
        () => undefined,
      ),
    make: async () => {
      await run("python3", ["-m", "venv", "--clear", folder], { timeout: PIP_LIMIT });
      const pip = [
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "-q",
        "-r",
        requirements,
      ];
      await run(python, pip, { timeout: PIP_LIMIT });
      await writeFile(whole, "");
      return python;
    },
  });
}
