import { count } from "../terminal/count.ts";
import { tell, type Terminal } from "../terminal/terminal.ts";
import type { PastEvent } from "./timeline.ts";

/** Which day of the past is being played, on stderr: one line that is written over on a terminal, else one now and then. */
export interface ReplayProgress {
  show(event: PastEvent, late: number): void;
  end(): void;
}

/** In milliseconds. */
const EVERY = { terminal: 100, pipe: 10_000 } as const;

export function replayProgress(events: number, terminal: Terminal): ReplayProgress {
  const { stderr } = terminal;
  const inPlace = stderr.isTTY === true;
  const every = inPlace ? EVERY.terminal : EVERY.pipe;
  let last = performance.now() - (inPlace ? every : 0);
  let done = 0;
  return {
    show: (event, late) => {
      done += 1;
      if (performance.now() - last < every) return;
      last = performance.now();
      const day = new Date(event.at).toISOString().slice(0, 10);
      const behind = late < 1000 ? "" : `, ${(late / 1000).toFixed(0)} s late`;
      const line = `${day}  ${count(done)} of ${count(events)}${behind}`;
      if (inPlace) stderr.write(`\r\u001B[K${line}`);
      else tell(terminal, line);
    },
    end: () => {
      if (inPlace) stderr.write("\r\u001B[K");
    },
  };
}
