/** Milliseconds with fractions by the machine's one monotonic clock: the same in every process. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
