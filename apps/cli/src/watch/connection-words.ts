import type { ConnectionState } from "@live-orders/client/connection-state";
import type { Colours } from "../terminal/colour.ts";
import { count } from "../terminal/count.ts";

/** The connection in a few words. `now`: ms since the epoch, for the countdown. */
export function connectionWords(state: ConnectionState, now: number, colours: Colours): string {
  const { delivered: good, pending: waiting } = colours.status;
  switch (state.kind) {
    case "idle":
    case "connecting":
      return waiting("○ Connecting");
    case "catching-up":
      return waiting(state.changes === 0 ? "○ Catching up" : `○ Catching up, ${count(state.changes)} so far`);
    case "live":
      return good(state.lag === null ? "● Live" : `● Live · ${count(Math.max(0, Math.round(state.lag)))} ms`);
    case "stale":
      return colours.alarm("○ Stale: the server hears nothing from its database");
    case "switching":
      return good("● Live");
    case "resynced":
      return waiting("○ Reading the list anew");
    case "reconnecting":
      return colours.alarm(`○ Away: trying again in ${secondsTo(state.dueAt, now)} s`);
    case "offline":
      return colours.alarm("○ No network");
    case "refused":
      return colours.alarm("○ Refused");
    case "closed":
      return colours.dim("○ Closed");
  }
}

const secondsTo = (dueAt: number, now: number): number => Math.max(0, Math.ceil((dueAt - now) / 1000));
