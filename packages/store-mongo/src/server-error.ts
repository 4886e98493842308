import { MongoError, MongoErrorLabel, MongoServerError } from "mongodb";

/** The server's codes that mean something here (src/mongo/base/error_codes.yml in its sources). */
export const CODE = {
  unauthorized: 13,
  authenticationFailed: 18,
  namespaceExists: 48,
  documentValidationFailure: 121,
  snapshotUnavailable: 246,
  invalidResumeToken: 260,
  changeStreamFatal: 280,
  historyLost: 286,
  atlasDenied: 8000,
  tooLarge: 10334,
  duplicateKey: 11000,
  notAReplicaSet: 40573,
  badTokenData: 50810,
} as const;

/** The server's error code, if the error came from the server. */
export const codeOf = (error: unknown): number | null =>
  error instanceof MongoServerError && typeof error.code === "number" ? error.code : null;

const hasLabel = (error: unknown, label: string): boolean =>
  error instanceof MongoError && error.hasErrorLabel(label);

/** A transaction that surely did not commit, and may be tried again whole. */
export const isTransient = (error: unknown): boolean =>
  hasLabel(error, MongoErrorLabel.TransientTransactionError);

/** Whether a commit took place is not known; it may be sent again. */
export const isUnknownCommit = (error: unknown): boolean =>
  hasLabel(error, MongoErrorLabel.UnknownTransactionCommitResult);

export function isDenied(error: unknown): boolean {
  const code = codeOf(error);
  return code === CODE.unauthorized || code === CODE.authenticationFailed || code === CODE.atlasDenied;
}

/**
 * Whether the same may succeed in a moment, if it has changed nothing yet: a conflict, a taken id, a collection made
 * anew, no primary, a broken connection. The driver wraps and relabels these in too many ways to list them.
 */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof MongoError) || isDenied(error)) return false;
  return codeOf(error) !== CODE.documentValidationFailure;
}
