import { get } from "node:http";
import type { Reader, ReaderParts } from "./reader.ts";
import { stampsOfChanges } from "./stamp.ts";

const END = "\n\n";

export function openSseReader({ url, agent, tally }: ReaderParts): Promise<Reader> {
  const take = tally.sample();
  tally.requests += 1;
  return new Promise((resolve, reject) => {
    const request = get(`${url}/api/changes/stream`, { agent }, (response) => {
      let rest = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        resolve({ close: () => request.destroy() });
        if (take === null) return;
        const text = rest + chunk;
        const whole = text.lastIndexOf(END) + 1;
        rest = text.slice(whole);
        take(stampsOfChanges(text.slice(0, whole)));
      });
      response.on("error", () => undefined);
    });
    request.on("error", reject);
  });
}
