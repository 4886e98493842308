/** A change that can be taken back by another change, which everybody sees like any other. */
interface Undoable {
  run(): void;
}

const MAX_UNDO = 20;

/** What this person did last, the latest 20. */
export interface UndoStack {
  push(undoable: Undoable): void;
  /** It came to nothing: there is nothing to take back. */
  drop(undoable: Undoable): void;
  /** Takes back the given one, or the latest; false when there is none (or it was taken back already). */
  undo(which?: Undoable): boolean;
}

export function createUndoStack(): UndoStack {
  let stack: readonly Undoable[] = [];
  const drop = (undoable: Undoable) => {
    stack = stack.filter((one) => one !== undoable);
  };
  return {
    push(undoable) {
      stack = [...stack, undoable].slice(-MAX_UNDO);
    },
    drop,
    undo(which) {
      const last = which ?? stack.at(-1);
      if (last === undefined || !stack.includes(last)) return false;
      drop(last);
      last.run();
      return true;
    },
  };
}
