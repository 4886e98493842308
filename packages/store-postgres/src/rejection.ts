/** A promise that can only be rejected, for a race. */
export function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  // Whoever races it hears of it; when nobody does any more, it is of no interest.
  promise.catch(() => undefined);
  return { promise, reject };
}
