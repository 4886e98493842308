import classes from "./conflict-choice.module.css";

interface ConflictChoiceProps {
  readonly mine: string;
  readonly theirs: string;
  readonly onKeep: () => void;
  readonly onTake: () => void;
}

/** Both sides changed this field: mine and theirs, and the person chooses. */
export function ConflictChoice({ mine, theirs, onKeep, onTake }: ConflictChoiceProps) {
  return (
    <div className={classes.conflict} role="group" aria-label="Mine or theirs">
      <p className={classes.word}>Somebody else changed this meanwhile. Theirs is newer.</p>
      <div className={classes.side}>
        <span className={classes.whose}>Mine</span>
        <span className={classes.value} title={mine}>
          {mine}
        </span>
        <button type="button" className={classes.choose} onClick={onKeep}>
          Keep mine
        </button>
      </div>
      <div className={classes.side}>
        <span className={classes.whose}>Theirs</span>
        <span className={classes.value} title={theirs}>
          {theirs}
        </span>
        <button type="button" className={classes.choose} onClick={onTake}>
          Take theirs
        </button>
      </div>
    </div>
  );
}
