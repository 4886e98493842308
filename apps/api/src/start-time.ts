import { StartupError } from "./startup-error.ts";

/** A server that can't start says so within 10 s of the process's own start; but a database is given this at least. */
const SAY_BY_MS = 7_500;
const AT_LEAST_MS = 3_000;

/** @throws StartupError when the database has not been opened in time */
export async function inStartTime<T>(opening: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    // `performance.now()` counts from the process's start.
    timer = setTimeout(
      () => reject(new StartupError(LATE)),
      Math.max(AT_LEAST_MS, SAY_BY_MS - performance.now()),
    );
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}

const LATE =
  "The database did not answer in time: check that DATABASE_URL is right and that the database runs.";
