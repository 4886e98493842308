import { setMaxListeners } from "node:events";
import { CommanderError } from "@commander-js/extra-typings";
import { addAskCommand } from "./commands/ask.ts";
import { addCreateCommand } from "./commands/create.ts";
import { addDeleteCommand } from "./commands/delete.ts";
import { addEditCommand } from "./commands/edit.ts";
import { addExportCommand } from "./commands/export.ts";
import { addGetCommand } from "./commands/get.ts";
import { addImportCommand } from "./commands/import.ts";
import { addListCommand } from "./commands/list.ts";
import { addReplayCommand } from "./commands/replay.ts";
import { addTailCommand } from "./commands/tail.ts";
import { addWatchCommand } from "./commands/watch.ts";
import { createProgram } from "./program.ts";
import { CliFailure, EXIT_CODES } from "./terminal/cli-failure.ts";
import { tell, type Terminal } from "./terminal/terminal.ts";

const ADD_COMMANDS = [
  addListCommand,
  addGetCommand,
  addCreateCommand,
  addEditCommand,
  addDeleteCommand,
  addWatchCommand,
  addTailCommand,
  addImportCommand,
  addExportCommand,
  addReplayCommand,
  addAskCommand,
];

/**
 * Runs one command line. Never throws.
 *
 * @returns the exit code
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  // Each request under way listens to it.
  setMaxListeners(100, terminal.signal);
  const program = createProgram(terminal);
  for (const addCommand of ADD_COMMANDS) addCommand(program, terminal);
  try {
    await program.parseAsync([...args], { from: "user" });
    return terminal.signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.done;
  } catch (error) {
    // Commander has said what is wrong; asking for help is nothing wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
    return tellFailure(error, terminal);
  }
}

function tellFailure(error: unknown, terminal: Terminal): number {
  if (error instanceof CliFailure) {
    tell(terminal, error.kind === "interrupted" ? error.message : `orders: ${error.message}`);
    return EXIT_CODES[error.kind];
  }
  if (terminal.signal.aborted) return EXIT_CODES.interrupted;
  tell(terminal, `orders: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT_CODES.failed;
}
