import { describeError } from "@live-orders/client/api-error";
import { ACTIVITY_RANGES, type ActivityRange, type Durations } from "@live-orders/protocol/http-activity";
import { STATUSES } from "@live-orders/protocol/status";
import { withoutStop } from "../live/failure-word.ts";
import { useParts } from "../live/page-parts.tsx";
import { STATUS_LOOK } from "../status/status-look.ts";
import { durationWord } from "../ui/duration.ts";
import { counted, grouped } from "../ui/grouped-number.ts";
import { exactTime } from "../ui/relative-time.ts";
import { RowIcon } from "../ui/row-icon.tsx";
import classes from "./activity-board.module.css";
import { chartsOf, milliseconds, rate } from "./activity-charts.ts";
import type { ActivityState } from "./activity-feed.ts";
import { ChangeList } from "./change-list.tsx";
import { ChartCard } from "./chart-card.tsx";
import { FigureTile } from "./figure-tile.tsx";
import { quantilesOf } from "./latency-steps.ts";
import type { TimesState } from "./live-times.ts";
import { RANGE_WORDS } from "./range-picker.tsx";
import { useActivity } from "./use-activity.ts";

/** Figures, charts and the newest changes of a range, live. */
export function ActivityBoard({ range }: { readonly range: ActivityRange }) {
  const { state, times, again } = useActivity(range);
  if (state.kind === "failed")
    return (
      <p className={classes.failure} role="alert">
        The activity could not be read: {withoutStop(describeError(state.error))}.{" "}
        <button type="button" className={classes.again} onClick={again}>
          Try again
        </button>
      </p>
    );
  if (state.kind === "reading") return <BoardBones />;
  return <KnownBoard range={range} state={state} times={times} />;
}

interface KnownBoardProps {
  readonly range: ActivityRange;
  readonly state: Extract<ActivityState, { kind: "known" }>;
  readonly times: TimesState;
}

function KnownBoard({ range, state, times }: KnownBoardProps) {
  const { latency } = useParts();
  const samples = latency.samples();
  const { steps, newest } = state;
  const charts = chartsOf(range, steps, samples);
  const isQuiet = steps.every(({ changes }) => changes === 0);
  return (
    <div className={classes.board} data-testid="activity">
      <CutWord state={state} />
      <Figures {...{ range, state, times }} />
      <div className={classes.columns}>
        <div className={classes.charts}>
          <ChartCard
            title="Changes a minute"
            data={charts.pace}
            height={190}
            floor="zero"
            empty={isQuiet ? `Nothing has happened in ${RANGE_WORDS[range].long}.` : null}
          />
          <div className={classes.statuses}>
            {STATUSES.map((status) => (
              <ChartCard
                key={status}
                title={STATUS_LOOK[status].label}
                icon={<StatusIcon status={status} />}
                data={charts.standing[status]}
                height={120}
                floor="near"
              />
            ))}
          </div>
          <ChartCard
            title="From the write to this screen"
            data={charts.latency}
            height={150}
            floor="zero"
            empty={samples.length === 0 ? "Measured from the next change on, on this page." : null}
          />
        </div>
        <ChangeList changes={newest} />
      </div>
    </div>
  );
}

const StatusIcon = ({ status }: { readonly status: (typeof STATUSES)[number] }) => (
  <span className={classes.status} data-status={status}>
    <RowIcon name={status} size={15} />
  </span>
);

/** Since when all is counted, if that is less than what was asked for. */
function CutWord({ state: { cut, since } }: Pick<KnownBoardProps, "state">) {
  if (cut === null) return null;
  const time = <time dateTime={since}>{exactTime(Date.parse(since))}</time>;
  return (
    <p className={classes.cut} data-testid="cut">
      {cut === "off" && <>This server keeps no history (HISTORY_DAYS is 0): the figures begin at {time}.</>}
      {cut === "history" && <>The history begins at {time}: there is nothing to show of what was before.</>}
      {cut === "limit" && <>More has happened than is counted at once: these are all changes since {time}.</>}
    </p>
  );
}

function Figures({ range, state: { steps }, times: { times, error } }: KnownBoardProps) {
  const { latency } = useParts();
  const { count, p50, p95 } = quantilesOf(latency.samples());
  const changes = steps.reduce((sum, step) => sum + step.changes, 0);
  const created = steps.reduce((sum, step) => sum + step.created, 0);
  const minutes = (steps.length * ACTIVITY_RANGES[range].step) / 60;
  return (
    <dl className={classes.figures} aria-label={`Figures of ${RANGE_WORDS[range].long}`}>
      <FigureTile name="Changes" figure={grouped(changes)} testId="changes">
        {rate(changes / minutes)} a minute, {counted(created, "new order")}
      </FigureTile>
      <TimeTile name="Pending to shipped" testId="to-shipped" durations={times?.shipped} error={error} />
      <TimeTile
        name="Pending to delivered"
        testId="to-delivered"
        durations={times?.delivered}
        error={error}
      />
      <FigureTile name="Write to screen" figure={p50 === null ? null : milliseconds(p50)} testId="latency">
        {p95 === null
          ? "from the next change on"
          : `median, p95 ${milliseconds(p95)} of ${counted(count, "batch", "batches")}`}
      </FigureTile>
    </dl>
  );
}

interface TimeTileProps {
  readonly name: string;
  readonly testId: string;
  readonly durations: Durations | undefined;
  readonly error: string | null;
}

function TimeTile({ name, testId, durations, error }: TimeTileProps) {
  const { count = 0, median = null, p90 = null } = durations ?? {};
  return (
    <FigureTile name={name} figure={median === null ? null : durationWord(median)} testId={testId}>
      {p90 === null
        ? (durations === undefined && error) || "no order in this time"
        : `median, p90 ${durationWord(p90)} of ${counted(count, "order")}`}
    </FigureTile>
  );
}

/** What stands there until the first answer. */
const BoardBones = () => (
  <div className={classes.board} role="status" aria-label="Reading the activity">
    <div className={classes.figures} aria-hidden>
      {["a", "b", "c", "d"].map((key) => (
        <div key={key} className={classes.bone} />
      ))}
    </div>
    <div className={classes.bigBone} aria-hidden />
  </div>
);
