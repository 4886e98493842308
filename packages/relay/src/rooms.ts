import { isSeenBy, ROOMS, type Room } from "@live-orders/protocol/room";
import type { Status } from "@live-orders/protocol/status";
import type { Position } from "@live-orders/protocol/position";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { batchOf, type LogEntry } from "./log-entry.ts";
import type { EncodedBatch } from "./encoded-batch.ts";
import type { RelayLimits } from "./relay-limits.ts";
import type { RelayObserver } from "./relay-observer.ts";
import type { Outlet } from "./subscriber.ts";
import type { Cancel, Timers } from "./timers.ts";
import type { Watcher } from "./watcher.ts";

/** The live readers of one room by one transport. */
export interface RoomStats {
  readonly room: Room;
  readonly outlet: Outlet["name"];
  readonly readers: number;
}

interface LiveRoom {
  readonly room: Room;
  readonly statuses: readonly Status[];
  readonly members: Set<Watcher>;
  readonly outlets: Map<Outlet, number>;
  /** How many changes were broadcast to it. */
  sent: number;
  /** The position of the last batch that was broadcast to it. */
  told: Position;
}

interface RoomsParts {
  readonly timers: Timers;
  readonly limits: RelayLimits;
  readonly observer: RelayObserver;
}

/** The live readers, by room: what comes from the source goes to each room once. */
export class Rooms {
  readonly #parts: RoomsParts;
  readonly #rooms = new Map<Room, LiveRoom>();
  /** All rooms have been handed everything up to here. */
  #upTo: CursorParts = { generation: "", position: "" };
  #cancelMarks: Cancel | null = null;

  constructor(parts: RoomsParts) {
    this.#parts = parts;
    for (const { room, statuses } of ROOMS) {
      this.#rooms.set(room, { room, statuses, members: new Set(), outlets: new Map(), sent: 0, told: "" });
    }
  }

  /** The watcher has been handed everything up to the head, as the rooms have. */
  join(watcher: Watcher): void {
    const room = this.#of(watcher);
    if (room.members.size === 0) room.told = this.#upTo.position;
    room.members.add(watcher);
    watcher.roomSentAtJoin = room.sent;
    const { outlet } = watcher.subscriber;
    room.outlets.set(outlet, (room.outlets.get(outlet) ?? 0) + 1);
    watcher.subscriber.join(watcher.room);
  }

  /** Its place is then as far as the rooms have got. */
  leave(watcher: Watcher): void {
    const room = this.#of(watcher);
    if (!room.members.delete(watcher)) return;
    watcher.place = this.#upTo;
    watcher.replayed += room.sent - watcher.roomSentAtJoin;
    if (watcher.told !== "" && room.told > watcher.told) watcher.told = room.told;
    const { outlet } = watcher.subscriber;
    const others = (room.outlets.get(outlet) ?? 1) - 1;
    if (others === 0) room.outlets.delete(outlet);
    else room.outlets.set(outlet, others);
    watcher.subscriber.leave(watcher.room);
  }

  /** How many changes a member was handed, in the room and before. */
  handedTo(watcher: Watcher): number {
    return watcher.replayed + this.#of(watcher).sent - watcher.roomSentAtJoin;
  }

  /** All changes between the former head and `at`, the head now. Rooms that see none of them are sent nothing. */
  broadcast(entries: readonly LogEntry[], at: CursorParts): void {
    this.#upTo = at;
    let isBehind = false;
    for (const room of this.#rooms.values()) {
      if (room.members.size === 0) continue;
      const seen = entries.filter((entry) => isSeenBy(entry, room.statuses));
      if (seen.length > 0) this.#tell(room, batchOf(seen, at));
      else if (room.told < at.position) isBehind = true;
    }
    if (isBehind) this.#markLater();
  }

  /** The feed started afresh at `at`, and every member was told so. */
  restart(at: CursorParts): void {
    this.#upTo = at;
    for (const room of this.#rooms.values()) room.told = at.position;
  }

  stats(): RoomStats[] {
    return [...this.#rooms.values()].flatMap(({ room, outlets }) =>
      [...outlets].map(([outlet, readers]) => ({ room, outlet: outlet.name, readers })),
    );
  }

  stop(): void {
    this.#cancelMarks?.();
    this.#cancelMarks = null;
  }

  /** One timer for all rooms, and only while some room has not been told how far the feed has got. */
  #markLater(): void {
    this.#cancelMarks ??= this.#parts.timers.after(this.#parts.limits.markMs, () => {
      this.#cancelMarks = null;
      this.#mark();
    });
  }

  #mark(): void {
    const mark = batchOf([], this.#upTo);
    for (const room of this.#rooms.values()) {
      if (room.members.size > 0 && room.told < this.#upTo.position) this.#tell(room, mark);
    }
  }

  #tell(room: LiveRoom, batch: EncodedBatch): void {
    room.told = batch.position;
    room.sent += batch.seen.length;
    for (const outlet of room.outlets.keys()) {
      try {
        outlet.broadcast(room.room, batch);
      } catch (error) {
        this.#parts.observer.fault(`the outlet ${outlet.name} failed to broadcast to ${room.room}`, error);
      }
    }
  }

  #of({ room }: Watcher): LiveRoom {
    const live = this.#rooms.get(room);
    if (!live) throw new Error(`there is no room ${room}`);
    return live;
  }
}
