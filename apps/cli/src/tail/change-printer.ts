import type { Change } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import { coloursFor } from "../terminal/colour.ts";
import { tell, write, type Terminal } from "../terminal/terminal.ts";
import { changeLine } from "./change-line.ts";
import type { CursorFile } from "./cursor-file.ts";
import type { TailSink } from "./tail-feed.ts";

/**
 * Prints changes, a line each, and then notes the place in the cursor file: what the file says has been handed to the
 * reader.
 */
export function changePrinter(json: boolean, place: CursorFile | null, terminal: Terminal): TailSink {
  const { stdout, env } = terminal;
  const colours = coloursFor(stdout, env);
  const lineOf = (change: Change, cursor: Cursor) =>
    json ? JSON.stringify({ ...change, cursor }) : changeLine(change, colours);
  let noted: Cursor | null = null;
  const note = async (cursor: Cursor) => {
    if (cursor !== noted) await place?.write(cursor);
    noted = cursor;
  };
  return {
    async changes(changes, before, after) {
      const last = changes.length - 1;
      const lines = changes.map((change, index) => `${lineOf(change, index === last ? after : before)}\n`);
      if (lines.length > 0) await write(stdout, lines.join(""));
      await note(after);
    },
    async reset(reason, cursor) {
      tell(terminal, `Changes are missing here (${reason}): the feed goes on from now`);
      if (json) await write(stdout, `${JSON.stringify({ reset: reason, cursor })}\n`);
      await note(cursor);
    },
    lost: (cause) => {
      tell(terminal, `The connection is lost (${cause}): trying again`);
    },
    back: () => {
      tell(terminal, "Connected again");
    },
  };
}
