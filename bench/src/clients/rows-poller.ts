import { Agent, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

const INTERVAL_MS = 1000;
const rowsSchema = z.array(z.looseObject({ updated_at: z.string() }));

/**
 * Asks for the newest orders each second and passes on those that it had not seen; what it never sees are deletes and
 * the states between two looks. Pollers begin spread over the interval, as those of people are.
 */
export function openRowsPoller(port: number, take: (newRows: Buffer) => void): { close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const stop = new AbortController();
  let newest = "";
  const look = async (): Promise<void> => {
    await delay(Math.random() * INTERVAL_MS, undefined, { signal: stop.signal });
    for (;;) {
      const rows = rowsSchema.parse(JSON.parse(await read(port, agent, stop.signal)));
      const news = rows.filter(({ updated_at }) => updated_at > newest);
      newest = news.reduce((latest, row) => (row.updated_at > latest ? row.updated_at : latest), newest);
      if (news.length > 0) take(Buffer.from(JSON.stringify(news)));
      await delay(INTERVAL_MS, undefined, { signal: stop.signal });
    }
  };
  look().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    close: () => {
      stop.abort();
      agent.destroy();
    },
  };
}

function read(port: number, agent: Agent, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path: "/orders", agent, signal }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}
