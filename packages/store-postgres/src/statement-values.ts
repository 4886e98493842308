/** Collects a statement's values while its text is put together. */
export class StatementValues {
  readonly all: unknown[] = [];

  /** Gives the value's place in the text: `$n`. */
  add(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}
