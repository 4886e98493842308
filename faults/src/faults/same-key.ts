import { setTimeout as delay } from "node:timers/promises";
import { orderAnswerSchema } from "@live-orders/protocol/http-orders";
import type { Fault } from "../trial.ts";

const AT_ONCE = 64;
const TRIES = 20;
const PAUSE_MS = 500;
/** Each way, in milliseconds: the request has arrived, and its answer is on its way, when the line is cut. */
const LINE_MS = 600;

export const sameKey: Fault = {
  number: 16,
  name: "The same idempotency key 64 times at once on two nodes; an answer that is lost after the commit",
  passesWhen: "one order, one answer",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ nodes: 2 });
    const readers = await stage.readers({ count: 8 });
    const urls = stage.nodes.map(({ api }) => api.url);
    const all = Array.from({ length: AT_ONCE }, (_, index) =>
      post(urls[index % 2] ?? "", "at once", "same-key"),
    );
    const answers = await Promise.all(all);
    measures.exactly("answered 201", answers.filter(({ status }) => status === 201).length, AT_ONCE);
    measures.exactly("different answers", new Set(answers.map(({ text }) => text)).size, 1);

    const { proxy } = stage.node(0);
    proxy.delay(LINE_MS);
    const lost = post(stage.node(0).url, "lost", "lost-key").catch(() => "lost" as const);
    await delay(LINE_MS * 1.6);
    proxy.cut();
    proxy.allow();
    measures.exactly("answers lost", (await lost) === "lost" ? 1 : 0, 1);
    const first = await post(urls[1] ?? "", "lost", "lost-key");
    const second = await post(urls[0] ?? "", "lost", "lost-key");
    measures.exactly("different answers to its repeats", new Set([first.text, second.text]).size, 1);

    const products = [...(await stage.database.orders()).values()].map(({ product_name }) => product_name);
    for (const name of ["at once", "lost"])
      measures.exactly(`orders made, ${name}`, products.filter((product) => product === name).length, 1);
    const ids = [...answers, first].map(({ text }) => orderAnswerSchema.parse(JSON.parse(text)).order.id);
    measures.exactly("orders answered with", new Set(ids).size, 2);
    await trial.check(stage, readers, { acknowledged: [], unknown: 0, refused: 0, heldBack: 0 });
  },
};

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A 503 says that the outcome is not known: it is repeated under its key, as clients do. */
async function post(url: string, product_name: string, key: string): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await postOnce(url, product_name, key);
    if (answer.status !== 503 || tries === TRIES) return answer;
    await delay(PAUSE_MS);
  }
}

async function postOnce(url: string, product_name: string, key: string): Promise<Answer> {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  const body = JSON.stringify({ customer_name: "Ada", product_name });
  const answer = await fetch(`${url}/api/orders`, { method: "POST", headers, body });
  return { status: answer.status, text: await answer.text() };
}
