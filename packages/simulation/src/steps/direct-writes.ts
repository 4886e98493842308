import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import type { PlannedWrite } from "@live-orders/store/write-plan";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import { EPOCH } from "../surroundings.ts";
import type { World } from "../world.ts";
import { customer, product, someId, type Step } from "./step.ts";

/** A program that writes straight to the database, as it likes: it keeps `updated_at`, or sets it by its own clock. */
class Program {
  readonly #world: World;
  readonly #random: SeededRandom;
  readonly #rows: Map<number, Order>;
  readonly #writes: PlannedWrite[] = [];

  constructor(world: World, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
    this.#rows = new Map(world.database.rows);
  }

  insert(id: number): void {
    if (!this.#rows.has(id)) this.#put(null, this.#newOrder(id));
  }

  /** `$set` of one field; nobody's business whether the date goes with it. */
  update(id: number): void {
    const before = this.#rows.get(id);
    if (!before) return;
    const random = this.#random;
    const fields = random.pick([
      { status: random.pick(STATUSES) },
      { customer_name: customer(random) },
      { product_name: product(random) },
    ]);
    this.#put(before, { ...before, ...fields, ...(random.chance(0.5) && { updated_at: this.#now() }) });
  }

  move(id: number): void {
    const before = this.#rows.get(id);
    if (before)
      this.#put(before, { ...before, status: this.#random.pick(STATUSES), updated_at: this.#now() });
  }

  replace(id: number): void {
    const before = this.#rows.get(id);
    if (before) this.#put(before, this.#newOrder(id));
  }

  delete(id: number): void {
    const before = this.#rows.get(id);
    if (!before) return;
    this.#rows.delete(id);
    this.#writes.push({ kind: "delete", before });
  }

  any(): void {
    const random = this.#random;
    const id = random.chance(0.3) ? random.int(1, 30) : someId(this.#world, random);
    const act = random.pick(["insert", "update", "move", "move", "replace", "delete"] as const);
    if (this.#rows.has(id) || act === "insert") this[act](id);
    else this.insert(id);
  }

  /** All as one transaction. */
  commit(): void {
    if (this.#writes.length > 0) this.#world.database.commit(this.#writes);
  }

  #put(before: Order | null, after: Order): void {
    // What changes nothing is no change.
    if (before && JSON.stringify(before) === JSON.stringify(after)) return;
    this.#rows.set(after.id, after);
    this.#writes.push(before ? { kind: "update", before, after } : { kind: "insert", after });
  }

  #newOrder(id: number): Order {
    const random = this.#random;
    const names = { customer_name: customer(random), product_name: product(random) };
    return { id, ...names, status: random.pick(STATUSES), updated_at: this.#now() };
  }

  #now(): string {
    return new Date(EPOCH + this.#world.timers.nowMs()).toISOString();
  }
}

const program =
  (act: (program: Program, world: World, random: SeededRandom) => void): Step =>
  (world, random) => {
    const one = new Program(world, random);
    act(one, world, random);
    one.commit();
  };

export const insert = program((one, _world, random) => one.insert(random.int(1, 40)));
export const update = program((one, world, random) => one.update(someId(world, random)));
export const statusMove = program((one, world, random) => one.move(someId(world, random)));
export const replace = program((one, world, random) => one.replace(someId(world, random)));
export const remove = program((one, world, random) => one.delete(someId(world, random)));

export const transaction = program((one, _world, random) => {
  for (let left = random.int(2, 8); left > 0; left -= 1) one.any();
});

/** Within one transaction, or in two. */
export const deleteAndInsertAgain: Step = (world, random) => {
  const id = someId(world, random);
  const one = new Program(world, random);
  one.delete(id);
  if (random.chance(0.5)) one.insert(id);
  one.commit();
  const two = new Program(world, random);
  two.insert(id);
  two.commit();
};

/** More than the log in RAM holds, at once. */
export const burst: Step = (world, random) => {
  for (let left = 30; left > 0; left -= 1) {
    const one = new Program(world, random);
    one.any();
    one.commit();
  }
};
