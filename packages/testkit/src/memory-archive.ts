import type { Change } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { MemoryDatabase } from "./memory-database.ts";
import type { MemoryPast } from "./memory-source.ts";

/** A durable history of a `MemoryDatabase`: it keeps what the database's own log forgets, until it is pruned. */
export class MemoryArchive implements MemoryPast {
  readonly #database: MemoryDatabase;
  #generation: string;
  #log: Change[] = [];
  #floor: Position = "";

  constructor(database: MemoryDatabase) {
    this.#database = database;
    this.#generation = database.generation;
    database.subscribe(() => {
      this.#record();
    });
  }

  get generation(): string {
    return this.#generation;
  }

  get log(): readonly Change[] {
    return this.#log;
  }

  get floor(): Position {
    return this.#floor;
  }

  now(): CursorParts {
    return this.#database.now();
  }

  subscribe(listener: () => void): () => void {
    return this.#database.subscribe(listener);
  }

  /** Forgets all up to now. */
  prune(): void {
    this.#floor = this.now().position;
    this.#log = [];
  }

  #record(): void {
    if (this.#database.generation !== this.#generation) {
      this.#generation = this.#database.generation;
      this.prune();
    }
    const known = this.#log.at(-1)?.position ?? this.#floor;
    const unknown: Change[] = [];
    for (let index = this.#database.log.length - 1; index >= 0; index -= 1) {
      const change = this.#database.log[index];
      if (!change || change.position <= known) break;
      unknown.push(change);
    }
    this.#log.push(...unknown.reverse());
  }
}
