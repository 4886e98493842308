import { SingleBar } from "cli-progress";
import { count } from "../terminal/count.ts";
import { tell, type Terminal } from "../terminal/terminal.ts";
import type { ImportCounts } from "./import-run.ts";
import type { SourceFile } from "./source-file.ts";

/** How far an import is, on stderr: a bar on a terminal, else a line every few seconds. */
export interface ImportProgress {
  show(counts: ImportCounts): void;
  end(): void;
}

/** In milliseconds. */
const LINE_EVERY = 5000;

export function importProgress(
  source: Pick<SourceFile, "size" | "bytesRead">,
  terminal: Terminal,
): ImportProgress {
  return source.size !== null && terminal.stderr.isTTY === true
    ? progressBar(source.size, source.bytesRead, terminal)
    : progressLines(terminal);
}

function progressBar(size: number, bytesRead: () => number, terminal: Terminal): ImportProgress {
  const bar = new SingleBar({
    format: "{bar} {percentage}%  {rows} rows  {bad} bad",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    stream: terminal.stderr,
  });
  bar.start(size, 0, { rows: "0", bad: "0" });
  return {
    show: (counts) => {
      bar.update(Math.min(bytesRead(), size), { rows: count(counts.rows), bad: count(counts.bad) });
    },
    end: () => {
      bar.stop();
    },
  };
}

function progressLines(terminal: Terminal): ImportProgress {
  let last = performance.now();
  return {
    show: (counts) => {
      if (performance.now() - last < LINE_EVERY) return;
      last = performance.now();
      tell(terminal, `${count(counts.rows)} rows, ${count(counts.bad)} bad`);
    },
    end: () => undefined,
  };
}
