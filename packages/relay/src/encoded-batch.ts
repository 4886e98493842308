import type { ChangeBatch } from "@live-orders/protocol/change";

/** A batch as readers get it, and its JSON text, made once however many get it, and only if somebody asks for it. */
export class EncodedBatch {
  readonly batch: ChangeBatch;
  readonly #encode: () => string;
  #json: string | undefined;

  /** `encode` makes the same text as `JSON.stringify(batch)` would, from parts that were encoded before. */
  constructor(batch: ChangeBatch, encode: () => string = () => JSON.stringify(batch)) {
    this.batch = batch;
    this.#encode = encode;
  }

  get json(): string {
    this.#json ??= this.#encode();
    return this.#json;
  }
}
