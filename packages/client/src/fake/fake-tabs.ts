import type { Candidate, TabGroup, TabMember } from "../tab-group.ts";

interface Standing {
  readonly tab: FakeTab;
  readonly candidate: Candidate;
}

/** Tabs of one browser, whose messages and elections take a moment each, as in a browser. */
export class FakeTabs {
  readonly tabs = new Set<FakeTab>();
  /** Those who stand for reader, in turn; the first one is it. */
  readonly standing: Standing[] = [];
  #reader: Standing | null = null;

  open(): FakeTab {
    return new FakeTab(this);
  }

  tell(from: FakeTab, message: unknown): void {
    const heard: unknown = structuredClone(message);
    for (const tab of this.tabs) if (tab !== from) tab.deliver(heard);
  }

  elect(): void {
    queueMicrotask(() => {
      const first = this.standing[0] ?? null;
      if (first === this.#reader) return;
      const ousted = this.#reader !== null && this.standing.includes(this.#reader) ? this.#reader : null;
      if (ousted !== null) this.standing.splice(this.standing.indexOf(ousted), 1);
      this.#reader = first;
      ousted?.tab.when(ousted.candidate.ousted);
      first?.tab.when(first.candidate.elected);
    });
  }
}

/** One tab; it is in the group while it is joined. */
export class FakeTab implements TabGroup {
  readonly #group: FakeTabs;
  #hear: ((message: unknown) => void) | null = null;
  #isFrozen = false;
  #waiting: (() => void)[] = [];
  readonly said: unknown[] = [];

  constructor(group: FakeTabs) {
    this.#group = group;
  }

  join(hear: (message: unknown) => void): TabMember {
    this.#group.tabs.add(this);
    this.#hear = hear;
    return {
      say: (message) => {
        this.when(() => {
          this.said.push(message);
          this.#group.tell(this, message);
        });
      },
      stand: (candidate, takeOver) => this.#stand(candidate, takeOver),
      leave: () => {
        this.#hear = null;
        this.#group.tabs.delete(this);
      },
    };
  }

  deliver(message: unknown): void {
    queueMicrotask(() => {
      this.when(() => this.#hear?.(message));
    });
  }

  /** Runs it now, or when the tab is not frozen any more. */
  when(run: () => void): void {
    if (this.#isFrozen) this.#waiting.push(run);
    else run();
  }

  /** It does nothing any more, and is not gone either. */
  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const run of this.#waiting.splice(0)) run();
  }

  #stand(candidate: Candidate, takeOver: boolean): () => void {
    const { standing } = this.#group;
    const mine = { tab: this, candidate };
    if (takeOver) standing.unshift(mine);
    else standing.push(mine);
    this.#group.elect();
    return () => {
      const index = standing.indexOf(mine);
      if (index !== -1) standing.splice(index, 1);
      this.#group.elect();
    };
  }
}
