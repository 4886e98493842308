import { createAskApi } from "@live-orders/client/ask-api";
import { MAX_QUESTION } from "@live-orders/protocol/http-ask";
import { urlOf, type Program } from "../program.ts";
import { CliFailure } from "../terminal/cli-failure.ts";
import { tell, write, type Terminal } from "../terminal/terminal.ts";

const ABOUT = `Asks about the orders in plain language. An agent must be running (npx -y pnpm@10 agent).

The answer is on stdout; what answered, a grammar or a model, on stderr. A question that is not understood ends with exit status 1.`;

const EXAMPLE = `
Examples:
  orders ask "which customers have undelivered orders older than a day?"
  orders ask "how many shipped today?" --json`;

export function addAskCommand(program: Program, terminal: Terminal): void {
  program
    .command("ask")
    .summary("ask about the orders in plain language")
    .description(ABOUT)
    .argument("<question...>", "the question")
    .option("--json", "the parts of the answer, one JSON object a line")
    .addHelpText("after", EXAMPLE)
    .action(async (words, { json = false }) => {
      const question = words.join(" ");
      if (question.trim() === "" || question.length > MAX_QUESTION) {
        throw new CliFailure("usage", `the question must be 1 to ${MAX_QUESTION} characters long`);
      }
      await ask(question, json, urlOf(program), terminal);
    });
}

async function ask(question: string, json: boolean, url: string, terminal: Terminal): Promise<void> {
  const { stdout, signal } = terminal;
  const { timeZone: time_zone } = new Intl.DateTimeFormat().resolvedOptions();
  let last = "";
  for await (const part of createAskApi({ baseUrl: url }).ask({ question, time_zone }, signal)) {
    if (json) await write(stdout, `${JSON.stringify(part)}\n`);
    else if (part.kind === "text") {
      await write(stdout, part.text);
      last = part.text;
    } else if (part.kind === "source") {
      tell(terminal, `Answered by ${part.source.kind === "grammar" ? "the grammar" : part.source.name}`);
    }
    if (part.kind === "failed") throw new CliFailure("failed", part.reason);
    if (part.kind !== "end") continue;
    if (!json && !last.endsWith("\n")) await write(stdout, "\n");
    if (part.outcome === "not-understood") throw new CliFailure("failed", "the question is not understood");
  }
}
