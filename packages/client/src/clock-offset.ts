/**
 * How far the server's clock is ahead of this machine's, known only within bounds:
 *
 * - a change that was committed at `at` (server) arrived at `r` (here): `at <= r + offset`;
 * - a write sent at `s` (here) was committed at `u` (server): `u >= s + offset`;
 * - an HTTP answer's `Date` D (whole seconds): made between sending `s` and receiving `r`, so
 *   `D - r <= offset < D + 1000 - s`.
 *
 * The clocks are taken to agree for as long as no observation says otherwise; then the nearest bound is taken. A lag is
 * thus right to within a write's round trip once this client has written, and to within a second before, and only if
 * the clocks disagree. Database and server are taken to share one clock.
 */
export class ClockOffset {
  #least = -Infinity;
  #most = Infinity;

  /** In milliseconds: server time = local time + this. */
  estimate(): number {
    return Math.min(this.#most, Math.max(this.#least, 0));
  }

  sawChange(at: number, received: number): void {
    this.#atLeast(at - received);
  }

  sawWrite(committedAt: number, sent: number): void {
    this.#atMost(committedAt - sent);
  }

  sawDate(date: number, sent: number, received: number): void {
    this.#atLeast(date - received);
    this.#atMost(date + 1000 - sent);
  }

  #atLeast(bound: number): void {
    if (bound <= this.#least) return;
    this.#least = bound;
    // A clock was set: what was known before is void.
    if (this.#most < bound) this.#most = Infinity;
  }

  #atMost(bound: number): void {
    if (bound >= this.#most) return;
    this.#most = bound;
    if (this.#least > bound) this.#least = -Infinity;
  }
}
