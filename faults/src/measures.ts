/** What a figure is: `time` and `size` depend on the machine and its load, a `count` must hold on any. */
export type MeasureKind = "count" | "time" | "size";

export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly kind: MeasureKind;
  /** Null for what is told only. */
  readonly bound: { readonly kind: "most" | "least" | "exactly"; readonly value: number } | null;
  readonly holds: boolean;
}

/** The figures of one trial, with their bounds. */
export class Measures {
  readonly all: Measure[] = [];
  /** In words, for people. */
  readonly remarks: string[] = [];
  /** What was found wrong, in words. */
  readonly findings: string[] = [];

  note(name: string, value: number, unit = ""): void {
    this.all.push({ name, value, unit, kind: "count", bound: null, holds: true });
  }

  remark(text: string): void {
    this.remarks.push(text);
  }

  finding(text: string): void {
    this.findings.push(text);
  }

  /** In milliseconds; told in seconds. */
  within(name: string, ms: number, limitMs: number): void {
    const [value, limit] = [Math.round(ms) / 1000, limitMs / 1000];
    this.#most("time", name, value, limit, "s");
  }

  /** In MiB, or a percentage: what depends on the machine. */
  sizeAtMost(name: string, value: number, limit: number, unit: string): void {
    this.#most("size", name, Math.round(value * 10) / 10, limit, unit);
  }

  atMost(name: string, value: number, limit: number): void {
    this.#most("count", name, value, limit, "");
  }

  /** Something that must not be. */
  none(name: string, value: number): void {
    this.#most("count", name, value, 0, "");
  }

  exactly(name: string, value: number, wanted: number): void {
    const bound = { kind: "exactly", value: wanted } as const;
    this.all.push({ name, value, unit: "", kind: "count", bound, holds: value === wanted });
  }

  /** Something that must have happened so often, or the trial has proved nothing. */
  atLeast(name: string, value: number, least: number): void {
    const bound = { kind: "least", value: least } as const;
    this.all.push({ name, value, unit: "", kind: "count", bound, holds: value >= least });
  }

  #most(kind: MeasureKind, name: string, value: number, limit: number, unit: string): void {
    this.all.push({ name, value, unit, kind, bound: { kind: "most", value: limit }, holds: value <= limit });
  }
}
