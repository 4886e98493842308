import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Room } from "@live-orders/protocol/room";
import type { Reset } from "@live-orders/protocol/socket-events";
import type { EncodedBatch } from "../encoded-batch.ts";
import type { CloseReason } from "../relay-observer.ts";
import type { Outlet, Subscriber } from "../subscriber.ts";
import type { WatchOutcome } from "../watches.ts";

/** What a subscriber was handed, in order. */
export type Handed =
  | { readonly kind: "batch"; readonly encoded: EncodedBatch; readonly by: "send" | "broadcast" }
  | { readonly kind: "reset"; readonly reset: Reset }
  | { readonly kind: "outcome"; readonly outcome: WatchOutcome }
  | { readonly kind: "closed"; readonly why: CloseReason };

/** An outlet whose subscribers are in this process. */
export class FakeOutlet implements Outlet {
  readonly name: Outlet["name"];
  readonly broadcasts: { readonly room: Room; readonly batch: EncodedBatch }[] = [];
  readonly #rooms = new Map<Room, Set<FakeSubscriber>>();
  failure: Error | null = null;

  constructor(name: Outlet["name"] = "socket-io") {
    this.name = name;
  }

  broadcast(room: Room, batch: EncodedBatch): void {
    if (this.failure) throw this.failure;
    this.broadcasts.push({ room, batch });
    for (const member of this.members(room)) member.take(batch, "broadcast");
  }

  members(room: Room): Set<FakeSubscriber> {
    const members = this.#rooms.get(room) ?? new Set();
    this.#rooms.set(room, members);
    return members;
  }
}

/** A connection: what it is handed waits for its network while it is stuck. */
export class FakeSubscriber implements Subscriber {
  readonly id: string;
  readonly outlet: FakeOutlet;
  readonly handed: Handed[] = [];
  readonly rooms = new Set<Room>();
  isStuck = false;
  failure: Error | null = null;
  mostBytes = 0;
  #bytes = 0;

  constructor(outlet: FakeOutlet, id = "reader") {
    this.outlet = outlet;
    this.id = id;
  }

  send(batch: EncodedBatch): void {
    if (this.failure) throw this.failure;
    this.take(batch, "send");
  }

  take(encoded: EncodedBatch, by: "send" | "broadcast"): void {
    this.handed.push({ kind: "batch", encoded, by });
    if (this.isStuck) this.#bytes += encoded.json.length;
    this.mostBytes = Math.max(this.mostBytes, this.#bytes);
  }

  reset(reset: Reset): void {
    this.handed.push({ kind: "reset", reset });
  }

  join(room: Room): void {
    this.rooms.add(room);
    this.outlet.members(room).add(this);
  }

  leave(room: Room): void {
    this.rooms.delete(room);
    this.outlet.members(room).delete(this);
  }

  backlogBytes(): number {
    return this.#bytes;
  }

  close(why: CloseReason): void {
    this.handed.push({ kind: "closed", why });
  }

  /** Its network takes what waits, up to so many bytes. */
  drain(bytes = Number.POSITIVE_INFINITY): void {
    this.#bytes = Math.max(0, this.#bytes - bytes);
  }

  readonly done = (outcome: WatchOutcome): void => {
    this.handed.push({ kind: "outcome", outcome });
  };

  get encoded(): EncodedBatch[] {
    return this.handed.flatMap((handed) => (handed.kind === "batch" ? [handed.encoded] : []));
  }

  get batches(): ChangeBatch[] {
    return this.encoded.map((batch) => batch.decode());
  }

  get positions(): string[] {
    return this.batches.flatMap(({ changes }) => changes.map(({ position }) => position));
  }

  get outcomes(): WatchOutcome[] {
    return this.handed.flatMap((handed) => (handed.kind === "outcome" ? [handed.outcome] : []));
  }

  get resets(): Reset[] {
    return this.handed.flatMap((handed) => (handed.kind === "reset" ? [handed.reset] : []));
  }

  get closed(): CloseReason | undefined {
    return this.handed.flatMap((handed) => (handed.kind === "closed" ? [handed.why] : []))[0];
  }
}
