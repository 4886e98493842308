import { seededRandom } from "@live-orders/testkit/seeded-random";
import { NODE_LIMITS } from "./api-node.ts";
import type { SimulationCounters } from "./counters.ts";
import type { Plan } from "./plan.ts";
import { CATALOGUE } from "./steps/catalogue.ts";
import { heal } from "./steps/faults.ts";
import { Violation } from "./violation.ts";
import { World } from "./world.ts";

export type SimulationResult =
  | { readonly kind: "held" }
  /** `step` is the index of the step after which it broke; that of the end, if it broke at rest. */
  | { readonly kind: "broke"; readonly step: number; readonly error: Violation };

/** Virtual time in which everything must have come to rest once all faults are healed, in ms. */
const REST_MS = 120_000;
/** Within this every reader's position reaches any that was handed out (contract, section 2). */
const PROGRESS_MS = 10_000;
/** When all have stopped, this is long enough for every wait that was under way to end. */
const STOP_MS = 120_000;
/** More timers than this mean that somebody sets them and never calls them off. */
const MOST_TIMERS = 1_000;

/** One run: everything that happens in it follows from the plan. */
export async function simulate(plan: Plan, counters: SimulationCounters): Promise<SimulationResult> {
  let step = 0;
  let world: World | null = null;
  try {
    world = new World(plan.seed, counters);
    for (; step < plan.steps.length; step += 1) await take(world, plan, step);
    await rest(world);
    await stop(world);
    return { kind: "held" };
  } catch (error) {
    return { kind: "broke", step, error: asViolation(error) };
  } finally {
    world?.stop();
  }
}

async function take(world: World, { steps }: Plan, index: number): Promise<void> {
  const planned = steps[index];
  if (!planned) return;
  const { kind, seed, passMs } = planned;
  world.counters.count(`step: ${kind}`);
  CATALOGUE[kind].step(world, seededRandom(seed));
  await world.timers.pass(passMs);
  check(world);
}

/** What must hold after every step. */
function check(world: World): void {
  world.throwFailure();
  for (const client of world.clients) client.check();
  for (const { histories, relay } of world.nodes) {
    if (histories.reduce((open, history) => open + history.open, 0) > 1)
      throw new Violation("bounds", "more than one replay at once");
    const { log, backlogBytes } = relay.stats();
    if (log.changes > NODE_LIMITS.logChanges) throw new Violation("bounds", `${log.changes} changes in RAM`);
    if (backlogBytes > NODE_LIMITS.totalBacklogBytes + NODE_LIMITS.backlogBytes)
      throw new Violation("bounds", `${backlogBytes} bytes wait for readers`);
  }
  if (world.timers.size > MOST_TIMERS) throw new Violation("bounds", `${world.timers.size} timers`);
}

/** All faults end; then every client equals the database, and every reader's position has come up to now. */
async function rest(world: World): Promise<void> {
  heal(world);
  const end = world.timers.nowMs() + REST_MS;
  await world.timers.pass(7_000);
  // Some faults that were under way have ended by themselves meanwhile, and nodes have come back.
  heal(world);
  // A reader may be in a back-off from before; the 10 s are those of one that is connected.
  const all = [...world.clients, ...world.readers];
  while (!all.every(({ isAtRest }) => isAtRest) && world.timers.nowMs() < end) {
    await world.timers.pass(500);
    world.throwFailure();
  }
  const target = world.database.now().position;
  await world.timers.pass(PROGRESS_MS);
  check(world);
  for (const client of world.clients) client.checkAtRest(target);
  for (const { name, read, isAtRest } of world.readers) {
    if (!isAtRest) throw new Violation("comes to rest", `${name} is not connected and caught up`);
    if (read.position < target)
      throw new Violation("progress", `${name} stands at ${read.position}, ${target} was handed out`);
  }
}

async function stop(world: World): Promise<void> {
  world.stop();
  await world.timers.pass(STOP_MS);
  world.throwFailure();
  if (world.timers.size > 0) throw new Violation("stops", `${world.timers.size} timers are left`);
  const open = world.nodes.flatMap(({ histories }) => histories).filter((history) => history.open > 0);
  if (open.length > 0) throw new Violation("stops", `${open.length} streams of history are left`);
}

function asViolation(error: unknown): Violation {
  if (error instanceof Violation) return error;
  const violation = new Violation("no crash", error instanceof Error ? error.message : String(error));
  if (error instanceof Error && error.stack !== undefined) violation.stack = error.stack;
  return violation;
}
