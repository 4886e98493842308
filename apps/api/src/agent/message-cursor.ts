import { invalid } from "../http/problem-error.ts";

/** A version as readers see it: opaque. */
export const encodeVersion = (version: number): string => `v${version.toString(36)}`;

/** @throws ProblemError `validation` */
export function decodeVersion(text: string, parameter: string): number {
  const version = /^v[0-9a-z]{1,11}$/.test(text) ? Number.parseInt(text.slice(1), 36) : Number.NaN;
  if (!Number.isSafeInteger(version)) throw invalid(parameter, "is none that this server gave");
  return version;
}
