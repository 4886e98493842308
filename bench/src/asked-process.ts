import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** A program of the bench in a process of its own, which does one thing after the other as it is asked. */
export class AskedProcess {
  readonly #child: ChildProcess;
  readonly #name: string;

  private constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.#name = name;
  }

  /** @param program relative to this folder */
  static start(program: string, env: Readonly<Record<string, string>> = {}): AskedProcess {
    const child = fork(path.join(import.meta.dirname, program), {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, ...env },
      serialization: "advanced",
    });
    return new AskedProcess(child, program);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** @returns its answer, to be parsed; rejects if it ends before */
  async ask(question: object): Promise<unknown> {
    const answer = this.heard();
    this.#child.send(question);
    return answer;
  }

  /** What it says next. */
  heard(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const failed = (code: number | null): void => {
        this.#child.off("message", answered);
        reject(new Error(`${this.#name} ended with ${code}`));
      };
      const answered = (message: unknown): void => {
        this.#child.off("exit", failed);
        resolve(message);
      };
      this.#child.once("exit", failed);
      this.#child.once("message", answered);
    });
  }

  /** Resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    if (this.#child.connected) this.#child.disconnect();
    await gone;
  }
}

/** The other side: answers each question in turn, and ends with whoever asks. */
export function answerQuestions(answer: (question: unknown) => Promise<object>): void {
  let turn: Promise<unknown> = Promise.resolve();
  process.on("message", (question) => {
    turn = turn
      .then(() => answer(question))
      .then((message) => process.send?.(message))
      .catch((error: unknown) => {
        console.error(error);
        process.exit(1);
      });
  });
  process.on("disconnect", () => process.exit(0));
}
