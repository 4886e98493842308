import { InvalidArgumentError } from "@commander-js/extra-typings";
import { serverTransport } from "@live-orders/client/server-transport";
import type { TransportName } from "@live-orders/client/transport-name";
import { cursorSchema, type Cursor } from "@live-orders/protocol/cursor";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { statusFilter, transportChoice } from "../option-values.ts";
import { apiOf, urlOf, type Program } from "../program.ts";
import { changePrinter } from "../tail/change-printer.ts";
import { cursorFile } from "../tail/cursor-file.ts";
import { tailFeed } from "../tail/tail-feed.ts";
import { CliFailure } from "../terminal/cli-failure.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { unreachable } from "../terminal/unreachable.ts";

const ABOUT = `Prints each change as it happens, one a line, until it is interrupted. A server that restarts is waited for, and what was missed comes first.

With --json a line is the change as the API tells it, with a "cursor" to resume from. Changes that come together share what is known: the cursor of the last of them stands behind it, that of the others before the first. So --from with any line's cursor leaves nothing out, and --seen with the same line's position leaves out what came up to that line.

--cursor-file keeps the place: it is written after the lines, and read at the next start, when it goes before --from. If the history from there on is gone, a line {"reset":REASON,"cursor":CURSOR} says so, and the feed goes on from that cursor.`;

interface TailCommandOptions {
  readonly json?: true | undefined;
  readonly status?: readonly Status[] | undefined;
  readonly from?: Cursor | undefined;
  readonly seen?: string | undefined;
  readonly cursorFile?: string | undefined;
  readonly transport?: TransportName | undefined;
}

export function addTailCommand(program: Program, terminal: Terminal): void {
  program
    .command("tail")
    .summary("print each change as it happens")
    .description(ABOUT)
    .option("--json", "one JSON object a line")
    .addOption(statusFilter())
    .option("--from <cursor>", "begin behind this cursor (default: now)", parseCursor)
    .option("--seen <position>", "leave out the changes up to this position")
    .option("--cursor-file <file>", "keep the place in this file, and begin there")
    .addOption(transportChoice())
    .action(async (options) => {
      await tail(options, program, terminal);
    });
}

function parseCursor(text: string): Cursor {
  // What a cursor file holds besides is no part of it.
  const cursor = cursorSchema.safeParse(text.trim().split(/\s/)[0]);
  if (!cursor.success) throw new InvalidArgumentError("It must be a cursor that this feed has told.");
  return cursor.data;
}

/** Also what `watch` does where there is no terminal to paint on. */
export async function tail(options: TailCommandOptions, program: Program, terminal: Terminal): Promise<void> {
  const { json = false, status: statuses, seen } = options;
  if (seen !== undefined && options.from === undefined) throw new CliFailure("usage", "--seen needs --from");
  const place = options.cursorFile === undefined ? null : cursorFile(options.cursorFile, statuses);
  const kept = (await place?.read()) ?? null;
  const [url, api] = [urlOf(program), apiOf(program)];
  await tailFeed({
    transport: serverTransport(url, api, options.transport),
    statuses: statuses ?? STATUSES,
    from: kept ?? options.from,
    seen: kept === null ? seen : undefined,
    sink: changePrinter(json, place, terminal),
    signal: terminal.signal,
    explain: (cause) => unreachable(api, url, cause),
  });
}
