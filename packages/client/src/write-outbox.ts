import { z } from "zod";
import { writeIntentSchema, type WriteIntent } from "./write-intent.ts";

/** Where writes that are on their way are kept over a reload. */
export interface OutboxStore {
  load(): readonly WriteIntent[];
  save(intents: readonly WriteIntent[]): void;
}

/** What of the web's `Storage` is needed. */
export interface KeyValueStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/**
 * An outbox in a browser's storage; `sessionStorage` is right, for each tab sends its own. Text that is not an outbox's
 * is left out. Where there is no room or no permission, the writes are kept in memory alone.
 */
export function storageOutbox(storage: KeyValueStorage, name = "live-orders-outbox"): OutboxStore {
  return {
    load: () => {
      try {
        const parsed = z.array(writeIntentSchema).safeParse(JSON.parse(storage.getItem(name) ?? "[]"));
        return parsed.success ? parsed.data : [];
      } catch {
        return [];
      }
    },
    save: (intents) => {
      try {
        if (intents.length === 0) storage.removeItem(name);
        else storage.setItem(name, JSON.stringify(intents));
      } catch {
        // A full storage takes nothing from the writes of this page.
      }
    },
  };
}

export const noOutbox: OutboxStore = { load: () => [], save: () => undefined };

/** The writes that are on their way, in the order in which they were made. */
export class WriteOutbox {
  readonly #store: OutboxStore;
  readonly #intents = new Map<string, WriteIntent>();
  #isSaving = false;

  constructor(store: OutboxStore) {
    this.#store = store;
  }

  load(): readonly WriteIntent[] {
    return this.#store.load();
  }

  add(intent: WriteIntent): void {
    this.#intents.set(intent.key, intent);
    this.#save();
  }

  remove(key: string): void {
    if (this.#intents.delete(key)) this.#save();
  }

  sent(key: string, at: number): void {
    const intent = this.#intents.get(key);
    if (intent !== undefined && intent.sentAt === null) this.add({ ...intent, sentAt: at });
  }

  /** The row has got its id. */
  rebind(from: number, to: number): void {
    for (const intent of this.#intents.values()) {
      if (intent.id === from) this.add({ ...intent, id: to });
    }
  }

  /** Once for all that is done in one go. */
  #save(): void {
    if (this.#isSaving) return;
    this.#isSaving = true;
    queueMicrotask(() => {
      this.#isSaving = false;
      this.#store.save([...this.#intents.values()]);
    });
  }
}
