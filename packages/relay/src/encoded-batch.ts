import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { Position } from "@live-orders/protocol/position";

/** A batch as readers get it: its JSON text, made once however many get it, and only if somebody asks for it. */
export class EncodedBatch {
  readonly position: Position;
  readonly cursor: Cursor;
  /** How many changes are in it. */
  readonly size: number;
  readonly #encode: () => string;
  #json: string | undefined;

  /** `encode` makes the text of a `ChangeBatch` of so many changes with this place. */
  constructor(
    place: { readonly position: Position; readonly cursor: Cursor; readonly size: number },
    encode: () => string,
  ) {
    this.position = place.position;
    this.cursor = place.cursor;
    this.size = place.size;
    this.#encode = encode;
  }

  static of(batch: ChangeBatch): EncodedBatch {
    return new EncodedBatch({ ...batch, size: batch.changes.length }, () => JSON.stringify(batch));
  }

  get json(): string {
    this.#json ??= this.#encode();
    return this.#json;
  }

  /** Read from its text, anew each time: for a reader within the process. */
  get batch(): ChangeBatch {
    return JSON.parse(this.json) as ChangeBatch;
  }
}
