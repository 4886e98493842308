import { nodeKilled } from "./faults/node-killed.ts";
import { primaryKilled } from "./faults/primary-killed.ts";
import type { Fault } from "./trial.ts";

export const FAULTS: readonly Fault[] = [primaryKilled, nodeKilled];
