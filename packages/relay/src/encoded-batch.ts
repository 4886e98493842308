import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { Position } from "@live-orders/protocol/position";
import type { SeenChange } from "@live-orders/protocol/room";

/** A batch as readers get it: its JSON text, made once however many get it, and only if somebody asks for it. */
export class EncodedBatch {
  readonly position: Position;
  readonly cursor: Cursor;
  /** Its changes, as far as they are known without its text. */
  readonly seen: readonly SeenChange[];
  readonly #encode: () => string;
  #json: string | undefined;

  /** `encode` makes the text of a `ChangeBatch` of these changes with this place. */
  constructor(
    place: { readonly position: Position; readonly cursor: Cursor },
    seen: readonly SeenChange[],
    encode: () => string,
  ) {
    this.position = place.position;
    this.cursor = place.cursor;
    this.seen = seen;
    this.#encode = encode;
  }

  static of(batch: ChangeBatch): EncodedBatch {
    return new EncodedBatch(batch, batch.changes, () => JSON.stringify(batch));
  }

  get json(): string {
    this.#json ??= this.#encode();
    return this.#json;
  }

  /** Read from its text, anew each time: for a reader within the process. */
  decode(): ChangeBatch {
    return JSON.parse(this.json) as ChangeBatch;
  }
}
