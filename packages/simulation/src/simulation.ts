import type { SimulationCounters } from "./counters.ts";
import { Violation } from "./oracle.ts";
import { pickStep } from "./steps.ts";
import { World } from "./world.ts";

export type SimulationResult =
  | { readonly kind: "held" }
  | {
      readonly kind: "broke";
      readonly seed: number;
      readonly step: number;
      readonly error: Error;
      readonly trace: string[];
    };

/** Virtual time in which everything must have come to rest once all faults are healed. */
const REST_MS = 120_000;
/** Within this every reader's position reaches any that was handed out (contract, section 2). */
const PROGRESS_MS = 10_000;

/** One run: everything that happens in it follows from the seed. */
export async function simulate(
  seed: number,
  steps: number,
  counters: SimulationCounters,
): Promise<SimulationResult> {
  const world = new World(seed, counters);
  const trace: string[] = [];
  let step = 0;
  try {
    for (; step < steps; step += 1) {
      const chosen = pickStep(world);
      trace.push(`${step} @${world.timers.nowMs()} ${chosen.name}`);
      counters.count(`step: ${chosen.name}`);
      chosen.step(world);
      await world.timers.pass(world.random.chance(0.5) ? world.random.int(0, 20) : world.random.int(0, 300));
      check(world);
    }
    await rest(world);
    return { kind: "held" };
  } catch (error) {
    return {
      kind: "broke",
      seed,
      step,
      error: error instanceof Error ? error : new Error(String(error)),
      trace,
    };
  } finally {
    world.stop();
  }
}

/** What must hold after every step. */
function check(world: World): void {
  const [failure] = world.failures;
  if (failure) throw failure;
  for (const { live, shown } of world.clients) {
    const { resyncs } = live.status();
    shown.check(confirmedRows(live), String(resyncs.count));
  }
  for (const node of world.nodes) {
    if (node.history.mostOpen > 1) throw new Violation("more than one replay at once");
    const { log, backlogBytes } = node.relay.stats();
    if (log.changes > 24) throw new Violation(`the log holds ${log.changes} changes`);
    if (backlogBytes > 9_600 + 2_400) throw new Violation(`${backlogBytes} bytes wait for readers`);
  }
}

function* confirmedRows(live: World["clients"][number]["live"]) {
  for (const { id } of live.orders()) {
    const confirmed = live.row(id)?.confirmed;
    if (confirmed) yield confirmed;
  }
}

/** All faults end; then every client equals the database, and every reader's position has come up to now. */
async function rest(world: World): Promise<void> {
  heal(world);
  const end = world.timers.nowMs() + REST_MS;
  await world.timers.pass(7_000);
  heal(world);
  while (!world.clients.every(({ live }) => isAtRest(live)) && world.timers.nowMs() < end)
    await world.timers.pass(500);
  const target = world.database.now().position;
  await world.timers.pass(PROGRESS_MS);
  check(world);
  for (const { name, live, shown, statuses } of world.clients) {
    const status = live.status();
    if (!isAtRest(live)) throw new Violation(`${name} is ${JSON.stringify(status)} at the end`);
    shown.equals(live.orders(), statuses);
  }
  for (const { name, read } of world.readers) {
    if (read.position < target)
      throw new Violation(`${name} stands at ${read.position}, ${target} was handed out`);
  }
}

function heal(world: World): void {
  world.database.setAway(false);
  for (const network of world.networks) {
    network.plugged = true;
    network.lossy = 0;
    network.stall(false);
  }
  for (const node of world.nodes) {
    node.lagging = false;
    node.history.failing = false;
  }
}

function isAtRest(live: World["clients"][number]["live"]): boolean {
  const { connection, snapshot, saving } = live.status();
  return connection.kind === "live" && snapshot.kind === "complete" && saving === 0;
}
