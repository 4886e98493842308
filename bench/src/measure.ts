import type { TestReplicaSet } from "@live-orders/testkit/mongo-replica-set";
import type { Finding } from "./bounds.ts";

export interface MeasureContext {
  /** A database of the measure's own. */
  readonly set: TestReplicaSet;
  /** A short run: fewer rounds, fewer seconds, fewer clients. */
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

/** A row of a measure's table: a name first, then figures as they are to be read. */
export type FigureRow = Readonly<Record<string, string | number>>;

export interface MeasureResult {
  readonly rows: readonly FigureRow[];
  readonly findings: readonly Finding[];
}

export interface Measure {
  readonly name: string;
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly how: string;
  /** The column that a chart is drawn of; a bar longer than `most` is broken off. */
  readonly chart?: { readonly column: string; readonly most?: number };
  run(context: MeasureContext): Promise<MeasureResult>;
}
