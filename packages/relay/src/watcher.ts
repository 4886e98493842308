import type { Position } from "@live-orders/protocol/position";
import { roomOf, ROOMS, type Room } from "@live-orders/protocol/room";
import { statusSet, type Status } from "@live-orders/protocol/status";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Subscriber } from "./subscriber.ts";
import type { Rung } from "./relay-observer.ts";

const NOWHERE: CursorParts = { generation: "", position: "" };

/**
 * One watch of one subscriber, from its request to its end.
 *
 *     arriving ──► behind ◄──► live        any of them ──► ended
 *
 * - `arriving`: where it begins is not known yet; it is handed nothing.
 * - `behind`: it stands at `place` and is handed, by `send`, what comes after it.
 * - `live`: it is in its room and has been handed everything up to the head.
 */
export class Watcher {
  readonly subscriber: Subscriber;
  readonly statuses: readonly Status[];
  readonly room: Room;
  phase: "arriving" | "behind" | "live" | "ended" = "arriving";
  /** While behind: all that it sees up to here was handed to it, and nothing after it. */
  place: CursorParts = NOWHERE;
  /** The last position that it was told; empty: none yet, its watch is not answered. */
  told: Position = "";
  /** When it was last handed something while behind, in milliseconds of the timers' clock. */
  heardMs = 0;
  /** What waits for the network, as last looked at, in bytes. */
  backlog = 0;
  /** How many changes it was handed before it last joined its room. */
  replayed = 0;
  /** What its room had been sent when it joined, in changes. */
  roomSentAtJoin = 0;
  /** What it was handed while behind, by rung, since it last was live; null for nothing. */
  caughtUp: Map<Rung, number> | null = null;

  constructor(subscriber: Subscriber, statuses: readonly Status[]) {
    this.subscriber = subscriber;
    // Those of `ROOMS` themselves: thousands watch the same, and hold nothing of their own.
    const name = roomOf(statuses);
    const shared = ROOMS.find(({ room }) => room === name);
    this.statuses = shared?.statuses ?? statusSet(statuses);
    this.room = shared?.room ?? name;
  }

  /** To be asked anew after each call that may end the watch. */
  is(phase: Watcher["phase"]): boolean {
    return this.phase === phase;
  }
}
