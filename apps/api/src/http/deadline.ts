import { StoreUnavailableError } from "@live-orders/store/order-store";

/** Under the 5 s within which a client hears that the database is away. */
const STORE_DEADLINE_MS = 4_500;

/** A store answers in time by its own contract; this holds it to it. The call itself is not ended. */
export async function inTime<T>(answer: Promise<T>, ms: number = STORE_DEADLINE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailableError(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
