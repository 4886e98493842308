import type { Problem } from "@live-orders/protocol/problem";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import { backOffDelay, type BackOff } from "./back-off.ts";

/** What a person may be told about the connection. Times are of this machine's clock, in milliseconds. */
export type ConnectionState =
  | { readonly kind: "idle" }
  /** `resync`: what was held is void since the connection before. */
  | { readonly kind: "connecting"; readonly attempt: number; readonly resync: ResetReason | null }
  /** Connected, and reading what was missed: `changes` so far. */
  | { readonly kind: "catching-up"; readonly attempt: number; readonly changes: number }
  /** `lag`: from a change's commit to its arrival here, of the latest change; null until one came. */
  | { readonly kind: "live"; readonly lag: number | null }
  /** Connected, but the server's own feed has stopped: what is shown may be old. */
  | { readonly kind: "stale"; readonly lag: number | null }
  /** Connected, and going over to other statuses. */
  | { readonly kind: "switching"; readonly lag: number | null }
  /** What was held is void, for `reason`; a new snapshot is being read. */
  | { readonly kind: "resynced"; readonly attempt: number; readonly reason: ResetReason }
  /** The next attempt is due at `dueAt`. */
  | {
      readonly kind: "reconnecting";
      readonly attempt: number;
      readonly dueAt: number;
      readonly cause: string;
      readonly resync: ResetReason | null;
    }
  /** The machine says that it has no network. The next attempt is made when it has, or at `dueAt`. */
  | {
      readonly kind: "offline";
      readonly attempt: number;
      readonly dueAt: number;
      readonly resync: ResetReason | null;
    }
  /** The server will not have it, and asking again would not help. */
  | { readonly kind: "refused"; readonly problem: Problem }
  | { readonly kind: "closed" };

/** What a failure needs to be answered: when it was, a random number from 0 up to 1, and whether there is a network. */
export interface Moment {
  readonly now: number;
  readonly roll: number;
  readonly online: boolean;
}

export type ConnectionEvent =
  | { readonly kind: "start" }
  /** The transport is open. */
  | { readonly kind: "opened" }
  /** The transport is gone or silent, or a page could not be read. */
  | { readonly kind: "lost"; readonly cause: string; readonly moment: Moment }
  /** The wait is over, or a person asked to try now. */
  | { readonly kind: "due" }
  /** The machine lost its network, and the server does not answer any more. */
  | { readonly kind: "offline"; readonly moment: Moment }
  | { readonly kind: "online" }
  | { readonly kind: "received"; readonly changes: number }
  | { readonly kind: "caught-up" }
  | { readonly kind: "lag"; readonly lag: number }
  /** The server says that its own feed has stopped, or flows again. */
  | { readonly kind: "feed-stale" }
  | { readonly kind: "feed-live" }
  | { readonly kind: "reset"; readonly reason: ResetReason; readonly moment: Moment }
  /** Other statuses are wanted. */
  | { readonly kind: "switch" }
  | { readonly kind: "refused"; readonly problem: Problem }
  | { readonly kind: "stop" };

export type ConnectionEffect =
  | { readonly kind: "open" }
  | { readonly kind: "close" }
  /** Watch over the connection that has just opened. */
  | { readonly kind: "subscribe" }
  /** End the watch that is on, and begin anew from a fresh place. */
  | { readonly kind: "resubscribe" }
  /** Send `due` after `ms`. */
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "cancel-wait" };

export interface Transition {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

export const RECONNECT_BACK_OFF: BackOff = { base: 500, cap: 15_000 };

/** The connection's next state, and what has to be done; the same object and nothing to do when the event says nothing. */
export function transition(state: ConnectionState, event: ConnectionEvent): Transition {
  switch (event.kind) {
    case "start":
      return isResting(state) ? connect(0, null) : stay(state);
    case "opened":
      return state.kind === "connecting" ? subscribe(state.attempt, state.resync) : stay(state);
    case "lost":
      return isUp(state) ? retreat(state, event.cause, event.moment) : stay(state);
    case "due":
      return isWaiting(state) ? connect(state.attempt, state.resync, CANCEL) : stay(state);
    case "offline":
      return goOffline(state, event.moment);
    case "online":
      return isWaiting(state) ? connect(state.attempt, state.resync, CANCEL) : stay(state);
    case "reset":
      return reset(state, event.reason, event.moment);
    case "switch":
      return switchOver(state);
    case "feed-stale":
      return state.kind === "live" ? to({ kind: "stale", lag: state.lag }) : stay(state);
    case "feed-live":
      return state.kind === "stale" ? to({ kind: "live", lag: state.lag }) : stay(state);
    case "refused":
      return isResting(state) ? stay(state) : to({ kind: "refused", problem: event.problem }, END);
    case "stop":
      return state.kind === "closed" ? stay(state) : to({ kind: "closed" }, END);
    default:
      return progress(state, event);
  }
}

type UpState = Extract<
  ConnectionState,
  { kind: "connecting" | "catching-up" | "live" | "stale" | "switching" | "resynced" }
>;
type WaitingState = Extract<ConnectionState, { kind: "reconnecting" | "offline" }>;

const CANCEL: readonly ConnectionEffect[] = [{ kind: "cancel-wait" }];
const END: readonly ConnectionEffect[] = [{ kind: "close" }, { kind: "cancel-wait" }];
const RESUBSCRIBE: readonly ConnectionEffect[] = [{ kind: "resubscribe" }];

const to = (state: ConnectionState, effects: readonly ConnectionEffect[] = []): Transition => ({
  state,
  effects,
});
const stay = (state: ConnectionState): Transition => to(state);

const isResting = (state: ConnectionState) =>
  state.kind === "idle" || state.kind === "closed" || state.kind === "refused";
const isWaiting = (state: ConnectionState): state is WaitingState =>
  state.kind === "reconnecting" || state.kind === "offline";
const isUp = (state: ConnectionState): state is UpState => !isResting(state) && !isWaiting(state);

function connect(
  attempt: number,
  resync: ResetReason | null,
  first: readonly ConnectionEffect[] = [],
): Transition {
  return to({ kind: "connecting", attempt, resync }, [...first, { kind: "open" }]);
}

function subscribe(attempt: number, resync: ResetReason | null): Transition {
  const next: ConnectionState =
    resync === null
      ? { kind: "catching-up", attempt, changes: 0 }
      : { kind: "resynced", attempt, reason: resync };
  return to(next, [{ kind: "subscribe" }]);
}

/** The failed attempts in a row that this state comes after; those before a live state are forgotten. */
const attemptsBefore = (state: UpState): number => ("attempt" in state ? state.attempt : 0);

function resyncOf(state: UpState): ResetReason | null {
  if (state.kind === "connecting") return state.resync;
  return state.kind === "resynced" ? state.reason : null;
}

function retreat(state: UpState, cause: string, moment: Moment, resync = resyncOf(state)): Transition {
  const attempt = attemptsBefore(state) + 1;
  const ms = backOffDelay(RECONNECT_BACK_OFF, attempt, moment.roll);
  const dueAt = moment.now + ms;
  const next: ConnectionState = moment.online
    ? { kind: "reconnecting", attempt, dueAt, cause, resync }
    : { kind: "offline", attempt, dueAt, resync };
  return to(next, [{ kind: "close" }, { kind: "wait", ms }]);
}

function goOffline(state: ConnectionState, moment: Moment): Transition {
  if (isUp(state)) return retreat(state, "offline", { ...moment, online: false });
  if (state.kind !== "reconnecting") return stay(state);
  const { attempt, dueAt, resync } = state;
  return to({ kind: "offline", attempt, dueAt, resync });
}

function reset(state: ConnectionState, reason: ResetReason, moment: Moment): Transition {
  switch (state.kind) {
    // A snapshot whose own cursor is lost again: not at once another, or two sides go round for ever.
    case "resynced":
      return retreat(state, "the history was lost again", moment, reason);
    case "catching-up":
    case "live":
    case "stale":
    case "switching":
      return to({ kind: "resynced", attempt: attemptsBefore(state), reason }, RESUBSCRIBE);
    default:
      return stay(state);
  }
}

function switchOver(state: ConnectionState): Transition {
  switch (state.kind) {
    case "live":
    case "stale":
    case "switching":
      return to({ kind: "switching", lag: state.lag }, RESUBSCRIBE);
    case "catching-up":
      return to({ ...state, changes: 0 }, RESUBSCRIBE);
    case "resynced":
      return to(state, RESUBSCRIBE);
    // Not connected: the wish is kept by the feed, and heard when it is.
    default:
      return stay(state);
  }
}

function progress(
  state: ConnectionState,
  event: Extract<ConnectionEvent, { kind: "received" | "caught-up" | "lag" }>,
): Transition {
  if (event.kind === "received") {
    if (state.kind !== "catching-up" || event.changes === 0) return stay(state);
    return to({ ...state, changes: state.changes + event.changes });
  }
  if (event.kind === "lag") {
    if (state.kind !== "live" || state.lag === event.lag) return stay(state);
    return to({ kind: "live", lag: event.lag });
  }
  if (state.kind === "switching") return to({ kind: "live", lag: state.lag });
  if (state.kind !== "catching-up" && state.kind !== "resynced") return stay(state);
  return to({ kind: "live", lag: null });
}
