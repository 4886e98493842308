import { eventually } from "@live-orders/testkit/eventually";

/** The milliseconds until a condition holds; infinite if it does not within the bound. */
export async function untilTrue(holds: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
  const beganMs = performance.now();
  const held = await eventually(holds, { within: withinMs, every: 50 }).catch(() => null);
  return held === null ? Number.POSITIVE_INFINITY : performance.now() - beganMs;
}
