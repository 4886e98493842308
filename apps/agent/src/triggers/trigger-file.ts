import { readFile } from "node:fs/promises";
import { z } from "zod";
import { StartupError } from "../startup-error.ts";
import { DEFAULT_TRIGGERS, triggerFileSchema, type Trigger } from "./trigger.ts";

/**
 * @param path null: the default triggers
 * @throws StartupError that says what is wrong with the file
 */
export async function readTriggers(path: string | null): Promise<readonly Trigger[]> {
  if (path === null) return DEFAULT_TRIGGERS;
  const parsed = triggerFileSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data.triggers;
  const why = z.prettifyError(parsed.error).replace(/\s+/g, " ");
  throw new StartupError(`AGENT_TRIGGERS: ${path}: ${why}`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartupError(`AGENT_TRIGGERS: ${path} can't be read: ${why}`);
  }
}
