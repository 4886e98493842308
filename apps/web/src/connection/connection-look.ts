import type { ConnectionState } from "@live-orders/client/connection-state";
import type { LiveStatus } from "@live-orders/client/live-orders";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import { counted, grouped } from "../ui/grouped-number.ts";

/** `calm`: all is well; `busy`: on the way there; `trouble`: what is shown may be old. */
type Tone = "calm" | "busy" | "trouble";

/** The connection in words. `title` says more on hover; `canRetry`: a person may try at once. */
export interface ConnectionLook {
  readonly tone: Tone;
  readonly label: string;
  readonly title: string;
  readonly canRetry: boolean;
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

const lagged = (lag: number | null): string =>
  lag === null
    ? ""
    : ` · ${lag < 1000 ? `${Math.max(0, Math.round(lag))} ms` : `${(lag / 1000).toFixed(1)} s`}`;

/** `now` in ms since 1970, by the clock of `state.dueAt`. */
export function connectionLook(state: ConnectionState, now: number): ConnectionLook {
  switch (state.kind) {
    case "idle":
    case "connecting":
      return { tone: "busy", label: "Connecting", title: "Connecting to the server", canRetry: false };
    case "catching-up":
      return {
        tone: "busy",
        label: state.changes === 0 ? "Catching up" : `Catching up · ${grouped(state.changes)}`,
        title: `${counted(state.changes, "change")} that were missed so far`,
        canRetry: false,
      };
    case "live":
      return {
        tone: "calm",
        label: `Live${lagged(state.lag)}`,
        title:
          state.lag === null
            ? "Every change shows at once"
            : "From the commit of the latest change to this page",
        canRetry: false,
      };
    case "stale":
      return {
        tone: "trouble",
        label: "Stale",
        title: "The server is there, but hears nothing from its database; it goes on by itself when it does",
        canRetry: false,
      };
    case "switching":
      return { tone: "calm", label: "Live · switching", title: "Going over to another tab", canRetry: false };
    case "resynced":
      return { tone: "busy", label: "Resynced · reading", title: resyncWord(state.reason), canRetry: false };
    case "reconnecting":
      return {
        tone: "trouble",
        label: `Reconnecting in ${seconds(state.dueAt - now)} s`,
        title: `Try ${state.attempt}: ${state.cause}`,
        canRetry: true,
      };
    case "offline":
      return {
        tone: "trouble",
        label: "Offline",
        title: "This machine has no network; it goes on by itself when it has",
        canRetry: true,
      };
    case "refused":
      return { tone: "trouble", label: "Refused", title: state.problem.detail, canRetry: true };
    case "closed":
      return { tone: "trouble", label: "Closed", title: "Not connected", canRetry: false };
  }
}

/** What a person is told when what was held became void. */
export function resyncWord(reason: ResetReason): string {
  return reason === "history-lost"
    ? "The server's history no longer reached back to what was shown here, so the list was read afresh."
    : "The orders were replaced by another collection, so the list was read afresh.";
}

/** Whether what is shown may be older than the database. */
export const isStale = (state: ConnectionState): boolean =>
  state.kind !== "live" && state.kind !== "switching" && state.kind !== "catching-up";

/** How many writes wait for the connection, or nothing. */
export const waitingWord = ({ waiting }: Pick<LiveStatus, "waiting">): string =>
  waiting === 0 ? "" : `${grouped(waiting)} waiting`;
