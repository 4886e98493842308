import { setTimeout as delay } from "node:timers/promises";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import { eventually } from "@live-orders/testkit/eventually";
import { seededRandom } from "@live-orders/testkit/seeded-random";
import { expect, it } from "vitest";
import { useAgentSetting } from "./agent-setting.ts";

/** `pnpm test:agent-kills` runs the large set. */
const isLarge = process.env["AGENT_KILLS"] === "large";
const { kills, ships, agings } = isLarge
  ? { kills: 50, ships: 500, agings: 500 }
  : { kills: 8, ships: 80, agings: 80 };

const setting = useAgentSetting();

const TRIGGERS = {
  triggers: [{ kind: "pending-too-long", after: "3s" }, { kind: "became-shipped" }],
};

const ordersOf = (messages: readonly AgentMessage[], trigger: string): number[] =>
  messages
    .filter(({ cause }) => cause.trigger === trigger)
    .map(({ order }) => order.id)
    .sort((a, b) => a - b);

it(`each of ${ships} ships and ${agings} agings has exactly one draft, though the agents are killed ${kills} times`, async () => {
  const random = seededRandom(7);
  const env = { AGENT_TRIGGERS: await setting.file("triggers.json", JSON.stringify(TRIGGERS)) };
  const pending = await setting.createOrders(agings, "pending");
  // From elsewhere than pending, so that none of them ages.
  const toShip = await setting.createOrders(ships, "delivered");
  // A first start has nothing to look back for: it must have its place before the first ship.
  const first = setting.startAgent(env);
  await eventually(async () => (await setting.rows("agent_readers").countDocuments()) > 0, {
    within: 60_000,
  });
  let agents = [first, setting.startAgent({ ...env, AGENT_NAME: "second" })];
  await eventually(async () => (await setting.rows("agent_readers").countDocuments()) > 1, {
    within: 60_000,
  });
  const each = ships / kills;
  for (let round = 0; round < kills; round += 1) {
    for (const { id } of toShip.slice(Math.floor(round * each), Math.floor((round + 1) * each))) {
      const answer = await setting.api.patch(id, { status: "shipped" });
      expect(answer.ok).toBe(true);
    }
    await delay(random.int(0, 1500));
    const [victim, ...others] = agents;
    await victim?.kill("SIGKILL");
    agents = [...others, setting.startAgent({ ...env, AGENT_NAME: round % 2 === 0 ? "agent" : "second" })];
  }
  const isSettled = async () => {
    const messages = await setting.messages();
    return messages.length >= ships + agings && messages.every(({ state }) => state === "draft");
  };
  await eventually(isSettled, { within: 90_000, every: 250 });
  // Two more sweeps, and whatever is replayed, find nothing new.
  await delay(2500);
  const messages = await setting.messages();
  expect(ordersOf(messages, "pending-too-long")).toEqual(pending.map(({ id }) => id));
  expect(ordersOf(messages, "became-shipped")).toEqual(toShip.map(({ id }) => id));
  expect(messages.every(({ state, content }) => state === "draft" && content !== null)).toBe(true);
}, 400_000);
