import type { ChangeBatch } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import type { Status } from "@live-orders/protocol/status";
import { decodeCursor } from "@live-orders/store/cursor-parts";
import type { Oracle } from "./oracle.ts";
import { changeText } from "./order-text.ts";
import { Violation } from "./violation.ts";

/** What one reader of the feed was handed: each change of its statuses once, in order, none left out, as it was written. */
export class ReadChanges {
  readonly #oracle: Oracle;
  readonly #name: string;
  #place: { readonly generation: string; readonly position: Position } | null = null;

  constructor(oracle: Oracle, name: string) {
    this.#oracle = oracle;
    this.#name = name;
  }

  /** Empty until it has begun. */
  get position(): Position {
    return this.#place?.position ?? "";
  }

  get generation(): string | null {
    return this.#place?.generation ?? null;
  }

  /** It begins, or begins anew, from here. */
  begin(position: Position, generation: string): void {
    this.#place = { generation, position };
  }

  take({ changes, position, cursor }: ChangeBatch, statuses: readonly Status[]): void {
    const place = this.#place;
    const to = decodeCursor(cursor);
    if (place === null || to === null) throw this.#broke("no crash", `a batch at ${cursor} before it began`);
    if (to.generation !== place.generation)
      throw this.#broke("never in silence", `went from ${place.generation} to ${to.generation}`);
    if (position < place.position || to.position !== position)
      throw this.#broke(
        "position never falls",
        `${position} (cursor ${to.position}) after ${place.position}`,
      );
    const expected = this.#oracle.expected(place.generation, place.position, position, statuses);
    const texts = new Map(expected.map((change) => [change.position, change.text]));
    let last = place.position;
    for (const change of changes) {
      if (change.position <= last)
        throw this.#broke(this.#repeats(change, place), `${change.position} after ${last}`);
      const text = texts.get(change.position);
      if (text === undefined)
        throw this.#broke("for its rooms", `${changeText(change)} for ${statuses.join()}`);
      if (text !== changeText(change))
        throw this.#broke("as written", `${changeText(change)}, but written was ${text}`);
      last = change.position;
    }
    if (changes.length < expected.length) {
      const got = new Set(changes.map((change) => change.position));
      const missing = expected.filter((change) => !got.has(change.position)).map(({ text }) => text);
      throw this.#broke(
        "complete",
        `after ${place.position} up to ${position} without ${missing.join(", ")}`,
      );
    }
    this.#place = to;
  }

  #repeats(change: { position: Position }, place: { position: Position }): "once" | "in order" {
    return change.position <= place.position ? "once" : "in order";
  }

  #broke(invariant: Violation["invariant"], detail: string): Violation {
    return new Violation(invariant, `${this.#name}: ${detail}`);
  }
}
