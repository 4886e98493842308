/** Why the server can't start, in one line that says what to do. `main.ts` prints it and exits with status 1. */
export class StartupError extends Error {
  readonly kind = "startup";
  override readonly name = "StartupError";
}
