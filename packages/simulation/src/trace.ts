import type { Plan } from "./plan.ts";

/** One line a step up to the one numbered `last`: its number, the virtual time in ms, what it is. */
export function traceOf({ steps }: Plan, last: number): string {
  let nowMs = 0;
  return steps
    .slice(0, last + 1)
    .map(({ kind, passMs }, index) => {
      const line = `${String(index).padStart(4)} @${String(nowMs).padStart(6)} ms  ${kind}`;
      nowMs += passMs;
      return line;
    })
    .join("\n");
}
