import { WAYS } from "../transports.ts";
import type { World } from "../world.ts";
import type { Step } from "./step.ts";

const HOUR = 3_600_000;

export const crash: Step = (world, random) => {
  const index = random.int(0, world.nodes.length - 1);
  const node = world.nodes[index];
  if (!node?.up) return;
  world.counters.count("node crashed");
  node.crash();
  world.timers.after(random.int(50, 3_000), () => world.replaceNode(index));
};

function setAway(world: World, away: boolean): void {
  world.database.setAway(away);
  for (const node of world.nodes) node.setAway(away);
}

/** The primary is gone for a while: nothing can be written or read, all streams break. */
export const failover: Step = (world, random) => {
  setAway(world, true);
  for (const node of world.nodes) node.failStream();
  world.timers.after(random.int(100, 3_000), () => setAway(world, false));
};

export const streamCut: Step = (world, random) => {
  random.pick(world.nodes).failStream();
};

export const lag: Step = (world, random) => {
  const node = random.pick(world.nodes);
  node.lagging = true;
  world.timers.after(random.int(50, 1_500), () => (node.lagging = false));
};

export const historyCut: Step = ({ database }) => {
  database.forgetHistory();
};

export const archivePruned: Step = ({ archive }) => {
  archive?.prune();
};

export const drop: Step = ({ database }) => {
  database.drop();
};

export const imagesOff: Step = (world, random) => {
  world.database.setImages(false);
  world.imagesWereOff = true;
  world.timers.after(random.int(100, 2_000), () => world.database.setImages(true));
};

export const cut: Step = (world, random) => {
  random.pick(world.networks).cut();
};

export const offline: Step = (world, random) => {
  const network = random.pick(world.networks);
  network.plugged = false;
  network.cut();
  world.timers.after(random.int(100, 4_000), () => (network.plugged = true));
};

export const slowReader: Step = (world, random) => {
  const network = random.pick(world.networks);
  network.stall(true);
  world.timers.after(random.int(200, 6_000), () => network.stall(false));
};

export const slowNetwork: Step = (world, random) => {
  const network = random.pick(world.networks);
  network.slow(random.int(50, 600));
  world.timers.after(random.int(500, 5_000), () => network.slow(null));
};

/** Answers are lost or broken off, requests arrive twice, batches come again. */
export const lossy: Step = (world, random) => {
  const network = random.pick(world.networks);
  network.lossy = network.lossy > 0 ? 0 : 0.3;
};

export const socketsBlocked: Step = (world, random) => {
  const network = random.pick(world.networks);
  network.blocksSockets = true;
  network.cut();
  world.timers.after(random.int(500, 5_000), () => (network.blocksSockets = false));
};

export const otherTransport: Step = (world, random) => {
  random.pick(world.clients).useWay(random.pick(WAYS));
};

export const clockJump: Step = (world, random) => {
  if (random.chance(0.3)) world.databaseClockOffset = random.int(-HOUR, HOUR);
  else random.pick(world.clients).clockOffset = random.int(-HOUR, HOUR);
};

/** Everything goes well from here on. */
export function heal(world: World): void {
  world.isHealed = true;
  setAway(world, false);
  world.database.setImages(true);
  for (const network of world.networks) {
    network.plugged = true;
    network.blocksSockets = false;
    network.lossy = 0;
    network.slow(null);
    network.stall(false);
  }
}
