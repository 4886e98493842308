import { once } from "node:events";
import { WebSocket } from "ws";
import { z } from "zod";

const answerSchema = z.object({ id: z.int().optional(), result: z.unknown() });
const ANSWER_WAIT_MS = 20_000;

/** Starts a Node process that can be asked; as a value of `NODE_OPTIONS`. */
export const inspectedOn = (port: number): string => `--inspect=127.0.0.1:${port}`;

const targetsSchema = z.array(z.object({ webSocketDebuggerUrl: z.string() }));

/** Asks a Node process that was started with {@link inspectedOn}, by its own inspector. */
export class Inspector {
  readonly #socket: WebSocket;
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(port: number): Promise<Inspector> {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    const [target] = targetsSchema.parse(await answer.json());
    if (target === undefined) throw new Error("The process has no inspector");
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await once(socket, "open");
    return new Inspector(socket);
  }

  /** Of the inspector's protocol: https://chromedevtools.github.io/devtools-protocol/v8/ */
  async ask(method: string, params: object = {}): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    const answer = this.#answer(id);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }

  close(): void {
    this.#socket.terminate();
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(late);
        this.#socket.off("message", hear);
      };
      const hear = (data: Buffer): void => {
        const answer = answerSchema.parse(JSON.parse(data.toString()));
        if (answer.id !== id) return;
        end();
        resolve(answer.result);
      };
      const late = setTimeout(() => {
        end();
        reject(new Error(`The inspector did not answer within ${ANSWER_WAIT_MS / 1000} s`));
      }, ANSWER_WAIT_MS);
      this.#socket.on("message", hear);
    });
  }
}
