import type { TerminalOutput } from "../terminal/terminal.ts";

/** A screen of its own on the terminal, whose lines are repainted in place; the person's own comes back afterwards. */
export interface Screen {
  /** Writes the lines that differ from those painted before. */
  paint(lines: readonly string[]): void;
  /** Everything is to be painted anew: the terminal has another size. */
  forget(): void;
  close(): void;
}

const ESCAPE = "\u001B[";
/** xterm's control sequences: the alternate screen, the cursor hidden, and no line that goes on in the next. */
const OPEN = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l`;
const CLOSE = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`;
/** Between these a terminal that knows them shows nothing half painted. */
const HOLD = `${ESCAPE}?2026h`;
const SHOW = `${ESCAPE}?2026l`;
const CLEAR = `${ESCAPE}2J`;

export function openScreen(stream: TerminalOutput): Screen {
  let painted: readonly string[] | null = null;
  stream.write(OPEN);
  return {
    paint(lines) {
      // A terminal that does not keep up gets the next picture instead of each.
      if (stream.writableNeedDrain) return;
      const start = painted === null ? CLEAR : "";
      const before = painted ?? [];
      const moves = lines.flatMap((line, index) =>
        line === before[index] ? [] : [`${ESCAPE}${index + 1};1H${line}${ESCAPE}K`],
      );
      painted = lines;
      if (moves.length > 0) stream.write(HOLD + start + moves.join("") + SHOW);
    },
    forget: () => {
      painted = null;
    },
    close: () => {
      stream.write(CLOSE);
    },
  };
}
