import type { MeasureContext } from "./measure.ts";
import { median, quantile } from "./quantiles.ts";
import { type TargetName, TARGET } from "./target.ts";
import { BareStreamTrial, Trial, type TrialFigures, type TrialOptions } from "./trial.ts";

export type ContenderName = TargetName | "bare-stream";
export const labelOf = (name: ContenderName): string =>
  name === "bare-stream" ? "bare change stream" : TARGET[name].label;

/** The figures of one contender, a round each. */
export type Rounds<Name extends ContenderName> = ReadonlyMap<Name, readonly TrialFigures[]>;

interface RoundsOptions<Name extends ContenderName> extends Pick<TrialOptions, "clients" | "watched"> {
  readonly contenders: readonly Name[];
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
}

export async function openTrial(
  name: ContenderName,
  options: Omit<TrialOptions, "target">,
): Promise<Trial | BareStreamTrial> {
  return name === "bare-stream"
    ? BareStreamTrial.open(options)
    : Trial.open({ ...options, target: TARGET[name] });
}

/** Each contender in turn, and again: what the machine does meanwhile meets all of them. */
export async function runRounds<Name extends ContenderName>(
  { set, say }: MeasureContext,
  { contenders, rate, seconds, rounds, ...options }: RoundsOptions<Name>,
): Promise<Rounds<Name>> {
  const figures = new Map<Name, TrialFigures[]>(contenders.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of contenders) {
      const trial = await openTrial(name, { uri: set.uri, seed: round, ...options });
      await trial.warmUp(rate);
      const run = await trial.run(rate, seconds);
      await trial.close();
      figures.get(name)?.push(run);
      say(`round ${round}, ${labelOf(name)}: p50 ${quantile(run.latencies, 0.5).toFixed(2)} ms`);
    }
  }
  return figures;
}

/** Of a contender's rounds. */
export const medianOf = <Name extends ContenderName>(
  rounds: Rounds<Name>,
  name: Name,
  figure: (run: TrialFigures) => number,
): number => median((rounds.get(name) ?? []).map(figure));

/** The median over the rounds of what one contender has in a round, over what the other one has in the same. */
export function ratioOf<Name extends ContenderName>(
  rounds: Rounds<Name>,
  [name, over]: readonly [Name, Name],
  figure: (run: TrialFigures) => number,
): number {
  const others = rounds.get(over) ?? [];
  const ratios = (rounds.get(name) ?? []).map((run, round) => {
    const other = others[round];
    return other === undefined ? Number.NaN : figure(run) / figure(other);
  });
  return median(ratios);
}

export const latencyAt =
  (share: number) =>
  ({ latencies }: TrialFigures): number =>
    quantile(latencies, share);

/** Microseconds of the server's CPU for a change told to a client. */
export const cpuPerDelivery = ({ cpu, delivered }: TrialFigures): number => (cpu * 1e6) / delivered;

/** What every contender has in a table. */
export function commonRow<Name extends ContenderName>(rounds: Rounds<Name>, name: Name) {
  const ms = (share: number) => medianOf(rounds, name, latencyAt(share)).toFixed(2);
  return {
    server: labelOf(name),
    "p50 ms": ms(0.5),
    "p95 ms": ms(0.95),
    "p99 ms": ms(0.99),
    missed: medianOf(rounds, name, ({ missed }) => missed),
    "µs CPU a delivery": medianOf(rounds, name, cpuPerDelivery).toFixed(1),
    "RSS MiB": (medianOf(rounds, name, ({ memory }) => memory) / 2 ** 20).toFixed(0),
  };
}
