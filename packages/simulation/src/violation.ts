/** What must hold whatever happens. The name of each says what broke. */
export const INVARIANTS = [
  /** A reader was handed a change again, or one at or before its place. */
  "once",
  /** A reader was handed changes out of commit order. */
  "in order",
  /** A reader's position passed a change of its statuses that it was not handed. */
  "complete",
  /** A reader was handed a change that is not for its statuses, or that nobody wrote. */
  "for its rooms",
  /** A change says something else than what was written. */
  "as written",
  /** A position, or the cursor beside it, fell. */
  "position never falls",
  /** A reader began anew without being told why. */
  "never in silence",
  /** A reader was told to start afresh although all that it missed is still there. */
  "reset for a reason",
  /** A row is shown as confirmed that never stood, went back, rose from the dead or left without a cause. */
  "rows that stood",
  /** The changes that a collection tells of lead to other rows than it shows. */
  "told as shown",
  /** A write was answered as done and does not stand as answered. */
  "answers that stand",
  /** One request made its order twice. */
  "made once",
  /** An order that is being created is shown beside itself. */
  "stands once",
  /** Something grew past its bound. */
  "bounds",
  /** The relay reported that a part broke its rules. */
  "no faults",
  /** At rest a client does not equal the database for its filter. */
  "equal at rest",
  /** A client does not come to rest once all faults are healed. */
  "comes to rest",
  /** A quiet reader's position does not reach one that was handed out, within 10 s. */
  "progress",
  /** Something is left running when all have stopped. */
  "stops",
  /** Code threw that must not. */
  "no crash",
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export class Violation extends Error {
  override readonly name = "Violation";
  readonly invariant: Invariant;

  constructor(invariant: Invariant, detail: string) {
    super(`${invariant}: ${detail}`);
    this.invariant = invariant;
  }
}
