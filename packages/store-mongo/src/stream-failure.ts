import type { StreamFailure } from "@live-orders/store/change-source";
import { MongoNetworkTimeoutError } from "mongodb";
import { BrokenOrderError } from "./change-numbering.ts";
import { SilentStreamError } from "./change-reading.ts";
import { CODE, codeOf, isDenied } from "./server-error.ts";

/** The history that a stream was to start from is not there, or what it said can't be trusted. */
const LOST = new Set<number>([
  CODE.historyLost,
  CODE.changeStreamFatal,
  CODE.invalidResumeToken,
  CODE.badTokenData,
]);

/** Why a change stream ended. What is not known loses nothing when it is opened again. */
export function classifyStreamFailure(error: unknown): StreamFailure {
  if (error instanceof SilentStreamError || error instanceof MongoNetworkTimeoutError) return "silent";
  if (error instanceof BrokenOrderError) return "history-lost";
  if (isDenied(error)) return "denied";
  const code = codeOf(error);
  if (code === null) return "resumable";
  if (LOST.has(code)) return "history-lost";
  if (code === CODE.tooLarge) return "too-large";
  return code === CODE.notAReplicaSet ? "not-a-replica-set" : "resumable";
}
