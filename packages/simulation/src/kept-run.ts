import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Plan } from "./plan.ts";
import { isStepKind, type StepKind } from "./steps/catalogue.ts";

const FOLDER = path.join(import.meta.dirname, "../kept-runs");

const stepSchema = z.strictObject({
  kind: z.string().transform((kind, context): StepKind => {
    if (isStepKind(kind)) return kind;
    context.addIssue({ code: "custom", message: `there is no step "${kind}"` });
    return z.NEVER;
  }),
  seed: z.int(),
  passMs: z.int().min(0),
});

export const planSchema = z.strictObject({ seed: z.int(), steps: z.array(stepSchema) });
const keptRunSchema = z.strictObject({ found: z.string(), plan: planSchema });

/** A run that broke an invariant once: tried again with every test run. */
export interface KeptRun {
  /** What broke when it was found. */
  readonly found: string;
  readonly plan: Plan;
}

/** @throws if the file is no kept run, or names a step that there is no more */
export const readKeptRun = async (file: string): Promise<KeptRun> =>
  keptRunSchema.parse(JSON.parse(await readFile(file, "utf8")));

/** Each with the name of its file. */
export async function keptRuns(): Promise<(readonly [name: string, run: KeptRun])[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(names.map(async (name) => [name, await readKeptRun(path.join(FOLDER, name))] as const));
}

/** Returns the path of its file. */
export async function keep(name: string, run: KeptRun): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const file = path.join(FOLDER, `${name}.json`);
  const steps = run.plan.steps
    .map(({ kind, seed, passMs }) => `      { "kind": "${kind}", "seed": ${seed}, "passMs": ${passMs} }`)
    .join(",\n");
  const plan = `{\n    "seed": ${run.plan.seed},\n    "steps": [\n${steps}\n    ]\n  }`;
  await writeFile(file, `{\n  "found": ${JSON.stringify(run.found)},\n  "plan": ${plan}\n}\n`);
  return file;
}
