const KIB = 1024;
const MIB = 1024 * KIB;

/** Every bound of the relay. Times are in milliseconds, sizes in bytes. */
export interface RelayLimits {
  /** The ordered log in RAM. */
  readonly logChanges: number;
  readonly logBytes: number;
  /** The most that one `send` carries. */
  readonly pageChanges: number;
  readonly pageBytes: number;
  /** A reader that catches up is sent its next page when no more than this waits for it. */
  readonly lowWaterBytes: number;
  /** A live reader with more than this waiting is taken out of its room. */
  readonly backlogBytes: number;
  /** All backlogs together. Catching up pauses at half of it; the largest are closed before it is reached. */
  readonly totalBacklogBytes: number;
  /** How often the readers that have to drain are looked at. */
  readonly drainPollMs: number;
  /** A reader that has not drained after this is closed. */
  readonly drainMs: number;
  /** A room that got nothing for this long while the head moved gets a progress mark. */
  readonly markMs: number;
  /** How long a watch or a read waits for the head to reach the database's clock. */
  readonly barrierMs: number;
  /** How long a watch or a read waits for the database's clock, where it cannot do without. */
  readonly clockMs: number;
  /** Without a sign of life for this long the feed is stale. */
  readonly staleMs: number;
  /** A waiting read whose position has moved on is answered, empty, after this at the latest. */
  readonly readMarkMs: number;
  /** How long a read may wait for a replay of history. */
  readonly readReplayMs: number;
  /** Reads that wait for something to come, at once. */
  readonly waitingReads: number;
  /** Readers that wait for a replay of history or take part in it, at once. */
  readonly replayReaders: number;
  /** Reads among them. */
  readonly replayReads: number;
  /** A history stream that shows no sign of life for this long is given up. */
  readonly replaySilenceMs: number;
  /** The pause after a replay that failed. */
  readonly replayRetryMs: number;
}

export const DEFAULT_LIMITS: RelayLimits = {
  logChanges: 50_000,
  logBytes: 64 * MIB,
  pageChanges: 500,
  pageBytes: 256 * KIB,
  lowWaterBytes: 256 * KIB,
  backlogBytes: MIB,
  totalBacklogBytes: 256 * MIB,
  drainPollMs: 20,
  drainMs: 30_000,
  markMs: 4_000,
  barrierMs: 2_000,
  clockMs: 4_000,
  staleMs: 4_000,
  readMarkMs: 8_000,
  readReplayMs: 20_000,
  waitingReads: 10_000,
  replayReaders: 20_000,
  replayReads: 1_000,
  replaySilenceMs: 10_000,
  replayRetryMs: 500,
};
