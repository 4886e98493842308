import { clockTime, exactTime } from "../ui/relative-time.ts";
import { useNow } from "../ui/use-now.ts";
import classes from "./conflict-choice.module.css";

/** What one side says, and since when, in ms since 1970. */
interface Side {
  readonly value: string;
  readonly at: number;
}

interface ConflictChoiceProps {
  readonly mine: Side;
  readonly theirs: Side;
  readonly onKeep: () => void;
  readonly onTake: () => void;
}

/** Both sides changed this field: mine and theirs, which is newer, and the person chooses. */
export function ConflictChoice({ mine, theirs, onKeep, onTake }: ConflictChoiceProps) {
  const newer = mine.at > theirs.at ? "mine" : "theirs";
  return (
    <div className={classes.conflict} role="group" aria-label="Mine or theirs">
      <p className={classes.word}>
        Somebody else changed this, too. {newer === "mine" ? "Yours" : "Theirs"} is newer.
      </p>
      <SideRow whose="Mine" side={mine} isNewer={newer === "mine"} choose="Keep mine" onChoose={onKeep} />
      <SideRow
        whose="Theirs"
        side={theirs}
        isNewer={newer === "theirs"}
        choose="Take theirs"
        onChoose={onTake}
      />
    </div>
  );
}

interface SideRowProps {
  readonly whose: string;
  readonly side: Side;
  readonly isNewer: boolean;
  readonly choose: string;
  readonly onChoose: () => void;
}

function SideRow({ whose, side, isNewer, choose, onChoose }: SideRowProps) {
  const now = useNow(60);
  return (
    <div className={classes.side} data-newer={isNewer || undefined}>
      <span className={classes.whose}>
        {whose}
        <time className={classes.time} dateTime={new Date(side.at).toISOString()} title={exactTime(side.at)}>
          {clockTime(side.at, now)}
        </time>
      </span>
      <span className={classes.value} title={side.value}>
        {side.value}
      </span>
      <button type="button" className={classes.choose} onClick={onChoose}>
        {choose}
      </button>
    </div>
  );
}
