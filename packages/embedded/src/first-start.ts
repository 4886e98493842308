import { setTimeout as delay } from "node:timers/promises";
import { claimDataFolder, type FolderOwner, ownerOf, releaseDataFolder } from "./data-folder.ts";
import { EmbeddedError, type EmbeddedFailure } from "./embedded-failure.ts";
import { freePort } from "./free-port.ts";

/** How long a predecessor whose owner is dead may take to end: its watchdog kills it after 10 s. */
const HANDOVER_MS = 15_000;
const HANDOVER_POLL_MS = 200;
const PORT_TRIES = 5;

/** What any server's launch has to know. */
export interface FirstPlan {
  dataDir: string;
  /** 0: any free one. */
  port: number;
}

/** Starts a server once. @throws {EmbeddedError} */
export type Launch<Plan, Launched> = (plan: Plan, signal: AbortSignal) => Promise<Launched>;

export interface FirstStart<Plan, Launched> {
  plan: Plan;
  launched: Launched;
}

/**
 * Starts the server for the first time: finds a port if `wanted.port` is 0, and waits for a predecessor on the same
 * data that is still ending because its owner was killed.
 * @throws {EmbeddedError}
 */
export async function startFirst<Plan extends FirstPlan, Launched>(
  wanted: Plan,
  launch: Launch<Plan, Launched>,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<FirstStart<Plan, Launched>> {
  const before = await ownerOf(wanted.dataDir);
  try {
    return await startOrWait(wanted, launch, before, signal, log);
  } catch (error) {
    if (before.kind !== "alive") await releaseDataFolder(wanted.dataDir);
    throw error;
  }
}

async function startOrWait<Plan extends FirstPlan, Launched>(
  wanted: Plan,
  launch: Launch<Plan, Launched>,
  before: FolderOwner,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<FirstStart<Plan, Launched>> {
  const until = performance.now() + HANDOVER_MS;
  for (let tries = 1; ; tries += 1) {
    const plan = wanted.port === 0 ? { ...wanted, port: await freePort() } : wanted;
    const outcome = await tryStart(plan, launch, before, signal);
    if (outcome.kind === "started") return outcome.start;
    const { failure } = outcome;
    // Somebody took the free port before the server did.
    if (failure.kind === "port-in-use" && wanted.port === 0 && tries < PORT_TRIES) continue;
    if (performance.now() > until || !awaitsHandover(failure, plan, before)) {
      throw new EmbeddedError(nameHolder(failure, plan, before));
    }
    if (tries === 1) log("Waiting for the database of an earlier run to end …");
    await delay(HANDOVER_POLL_MS, undefined, { signal });
  }
}

type Outcome<Plan, Launched> =
  { kind: "started"; start: FirstStart<Plan, Launched> } | { kind: "failed"; failure: EmbeddedFailure };

async function tryStart<Plan extends FirstPlan, Launched>(
  plan: Plan,
  launch: Launch<Plan, Launched>,
  before: FolderOwner,
  signal: AbortSignal,
): Promise<Outcome<Plan, Launched>> {
  try {
    // Before the start, so that a successor knows about a server whose owner was killed while it started.
    if (before.kind !== "alive") await claimDataFolder(plan.dataDir, plan.port);
    const launched = await launch(plan, signal);
    await claimDataFolder(plan.dataDir, plan.port);
    return { kind: "started", start: { plan, launched } };
  } catch (error) {
    if (error instanceof EmbeddedError) return { kind: "failed", failure: error.failure };
    throw error;
  }
}

/** A server whose owner is dead is being ended by its watchdog, and still has the folder, its port or both. */
function awaitsHandover(failure: EmbeddedFailure, plan: FirstPlan, before: FolderOwner): boolean {
  return before.kind === "dead" && isHeldByOwner(failure, plan, before);
}

/** Names the rival, whose port is found in use before its folder is. */
function nameHolder(failure: EmbeddedFailure, plan: FirstPlan, before: FolderOwner): EmbeddedFailure {
  if (before.kind !== "alive" || !isHeldByOwner(failure, plan, before)) return failure;
  return { kind: "data-dir-in-use", dataDir: plan.dataDir, holder: before.pid };
}

function isHeldByOwner(failure: EmbeddedFailure, plan: FirstPlan, owner: { port: number }): boolean {
  return failure.kind === "data-dir-in-use" || (failure.kind === "port-in-use" && owner.port === plan.port);
}
